"""A grade reckoned a second time, slowly and from the JSON form of a policy alone: what the engine is held against.

It shares no code with `grading_service.domain`. The ends of an unfinished grade are found by trying every way in which the term
can end.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations_with_replacement, product
from typing import Any, NamedTuple

STATUSES = ("present", "late", "excused", "duty", "absent")


class Finished(NamedTuple):
    """A finished grade: its exact points and what stands on record; `rank` orders grades, the best first."""

    points: Fraction
    grade: str
    rank: int


def finished(rules: dict[str, Any], days: int, marks: list[str], merits: int, demerits: int, scores: list[Fraction]) -> Finished:
    """Return the grade of a cadet who has a mark on each of `days` training days and a score in every exam."""
    assert len(marks) == days > 0
    attendance, aptitude, subject = rules["attendance"], rules["aptitude"], rules["subject"]
    credited = sum(Fraction(attendance["credit"][mark]) for mark in marks)
    divisor = attendance["fixed_days"] if attendance["divisor"] == "fixed" else days
    counted = min(Fraction(merits), Fraction(aptitude["merit_cap"])) if aptitude["merit_cap"] else Fraction(merits)
    raw = Fraction(aptitude["base"]) + counted - demerits
    if aptitude["floor"] is not None and raw < Fraction(aptitude["floor"]):
        raw = Fraction(aptitude["floor"])
    if aptitude["ceiling"] is not None and raw > Fraction(aptitude["ceiling"]):
        raw = Fraction(aptitude["ceiling"])
    points = {
        "attendance": credited / divisor * Fraction(attendance["weight"]),
        "aptitude": raw / Fraction(aptitude["scale"]) * Fraction(aptitude["weight"]),
        "subject": sum(scores) / sum(Fraction(exam["max"]) for exam in subject["exams"]) * Fraction(subject["weight"]),
    }
    total = sum(points.values(), Fraction(0))
    steps = [(Fraction(step["at_least"]), step["grade"]) for step in rules["transmutation"]["steps"]]
    reached = [place for place, (bound, _grade) in enumerate(steps) if total >= bound]
    missed = [name for name in points if rules[name]["minimum"] is not None and points[name] < Fraction(rules[name]["minimum"])]
    if missed or not reached:
        return Finished(total, rules["transmutation"]["failing"], len(steps))
    return Finished(total, steps[reached[0]][1], reached[0])


def completions(
    rules: dict[str, Any], days: int, marks: list[str], merits: int, demerits: int, scores: list[Fraction | None]
) -> Iterator[Finished]:
    """Yield the grade of every way in which the open days and exams can end; an exam at nothing, in the middle and at the top."""
    tops = [Fraction(exam["max"]) for exam in rules["subject"]["exams"]]
    choices = [[score] if score is not None else [Fraction(0), top / 3, top] for score, top in zip(scores, tops, strict=True)]
    for rest in combinations_with_replacement(STATUSES, days - len(marks)):
        for all_scores in product(*choices):
            yield finished(rules, days, [*marks, *rest], merits, demerits, list(all_scores))
