"""From records to a grade with its reasons: the tree, what is missing, what was set aside, and where each component stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from grading_service.domain.aptitude import aptitude_raw, point_value
from grading_service.domain.attendance import credits_of, day_value, days_without_mark
from grading_service.domain.effective import effective
from grading_service.domain.engine import (
    APTITUDE,
    ATTENDANCE,
    NO_DATA,
    SPECIAL,
    SUBJECT,
    Grade,
    grade_of,
    overridden,
    standing_of,
)
from grading_service.domain.explanation import Node
from grading_service.domain.outlook import Standing
from grading_service.domain.policy import Policy
from grading_service.domain.records import MERIT, Day, Effective, Record
from grading_service.domain.subject import exam_label, score_value, unscored
from grading_service.domain.tally import Tally, tally_of


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that keeps a grade from being complete; `days` or `exam` say where to mend it."""

    component: str
    what: str
    days: tuple[int, ...] = ()
    exam: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something for a person to decide; it never changes a number."""

    code: str
    message: str
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class ExplainedGrade:
    """A grade with everything that explains it. `standing` is None while there is no data at all, and for a special grade."""

    grade: Grade
    tally: Tally
    root: Node
    missing: tuple[Missing, ...]
    standing: Mapping[str, Standing] | None
    in_force: Effective
    notices: tuple[Notice, ...] = ()


def explain(
    policy: Policy,
    days: Mapping[int, Day],
    records: Iterable[Record],
    as_of: datetime | None = None,
    special: str | None = None,
) -> ExplainedGrade:
    """Return the explained grade of one cadet in one term.

    Args:
        policy: the term's rules.
        days: names of the term's training days; whether a day counts is told by the records.
        records: the cadet's records and the term's day records, in any order, repeated or not.
        as_of: as it stood then, by the time of recording; None is now.
        special: INC, DO or T, which override the grade; what the records give stays to be read below it.
    """
    in_force = effective(records, policy.subject.exams, as_of)
    tally = tally_of(policy, in_force)
    computed = grade_of(policy, tally)
    grade = overridden(computed, special)
    children: tuple[Node, ...] = (
        _attendance_node(policy, days, in_force, tally, computed),
        _aptitude_node(policy, in_force, tally, computed),
        _subject_node(policy, in_force, tally, computed),
    )
    final = None if grade.final is None else Fraction(grade.final)
    if final is not None and grade.exact is not None:
        rule = f"The exact sum is rounded once, half up, to {policy.decimals} decimals, but never into another grade."
        children += (Node("rounding", "Rounding", rule, final - grade.exact),)
    root = Node("final", "Final grade", _final_rule(policy, grade), final, policy.maximum, children=children)
    return ExplainedGrade(
        grade=grade,
        tally=tally,
        root=root,
        missing=_missing(policy, days, in_force, tally),
        standing=None if grade.state in {NO_DATA, SPECIAL} else standing_of(policy, tally),
        in_force=in_force,
        notices=_absences_in_a_row(policy, days, in_force),
    )


def _final_rule(policy: Policy, grade: Grade) -> str:
    if grade.state == SPECIAL:
        return f"On record as {grade.transmuted} ({(grade.remarks or '').lower()}), whatever the records below would give."
    if grade.final is None:
        return "There is no final grade until every training day has its mark and every exam its score."
    text = f"Attendance + aptitude + proficiency = {grade.final}, on record as {grade.transmuted}."
    if grade.below_minimum:
        names = " and ".join(grade.below_minimum)
        return f"{text} It fails because {names} is below the minimum of this policy."
    return text


def _attendance_node(policy: Policy, days: Mapping[int, Day], in_force: Effective, tally: Tally, grade: Grade) -> Node:
    rule = policy.attendance
    value = day_value(rule, tally)
    leaves = []
    for day_id, record in sorted(in_force.marks.items(), key=lambda item: (_date_of(days, item[0]), item[0])):
        credit = rule.credit[record.status or ""]
        said = f"{record.status} counts as {_plain(credit)} of a day"
        points = None if value is None else credit * value
        leaves.append(Node(str(record.id), _name_of(days, day_id), said, points, value, record=record))
    credited = _plain(credits_of(rule, tally))
    if value is None or not tally.marked:
        text = "No training day has a mark yet."
    else:
        text = f"{credited} credited ÷ {_plain(rule.weight / value)} days × {_plain(rule.weight)}"
        if days_without_mark(tally) > 0:
            text += f"; {days_without_mark(tally)} of {tally.days} days have no mark yet and are open, not lost"
    return Node(ATTENDANCE, "Attendance", text, grade.attendance, rule.weight, rule.minimum, children=tuple(leaves))


def _aptitude_node(policy: Policy, in_force: Effective, tally: Tally, grade: Grade) -> Node:
    rule = policy.aptitude
    if grade.aptitude is None:
        return Node(APTITUDE, "Aptitude", "Nothing is recorded yet.", None, rule.weight)
    value = point_value(rule)
    raw = aptitude_raw(rule, tally.merits, tally.demerits)
    leaves = [Node("aptitude.base", "Base", f"Everyone starts with {_plain(rule.base)}.", rule.base * value)]
    for record in in_force.points:
        signed = (record.points or 0) * (1 if record.kind == MERIT else -1)
        said = record.reason or record.kind.capitalize()
        leaves.append(Node(str(record.id), said, f"{record.kind} of {record.points}", signed * value, record=record))
    if raw.capped:
        said = f"No more than {_plain(rule.merit_cap or 0)} merits count."
        leaves.append(Node("aptitude.merit_cap", "Merit limit", said, raw.capped * value))
    if raw.clamped:
        low = raw.clamped > 0
        limit = _plain((rule.floor if low else rule.ceiling) or 0)
        said = f"The score is never {'below' if low else 'above'} {limit}."
        leaves.append(Node("aptitude.limit", "Floor" if low else "Ceiling", said, raw.clamped * value))
    text = f"{_plain(rule.base)} + {tally.merits} merits − {tally.demerits} demerits"
    text += f" = {_plain(raw.raw)} of {_plain(rule.scale)}, × {_plain(rule.weight)} ÷ {_plain(rule.scale)}"
    return Node(APTITUDE, "Aptitude", text, grade.aptitude, rule.weight, rule.minimum, children=tuple(leaves))


def _subject_node(policy: Policy, in_force: Effective, tally: Tally, grade: Grade) -> Node:
    rule = policy.subject
    value = score_value(rule)
    leaves = []
    for exam, top in rule.exams.items():
        record = in_force.scores.get(exam)
        name = f"{exam_label(exam)} exam"
        if record is None or record.value is None:
            leaves.append(Node(f"exam.{exam}", name, "Not scored yet.", None, top * value))
        else:
            said = f"{record.value.normalize():f} of {_plain(top)}"
            leaves.append(Node(str(record.id), name, said, Fraction(record.value) * value, top * value, record=record))
    scores = " + ".join("–" if score is None else f"{score.normalize():f}" for score in tally.scores)
    text = f"({scores}) ÷ {_plain(rule.total)} × {_plain(rule.weight)}"
    return Node(SUBJECT, "Proficiency", text, grade.subject, rule.weight, rule.minimum, children=tuple(leaves))


def _missing(policy: Policy, days: Mapping[int, Day], in_force: Effective, tally: Tally) -> tuple[Missing, ...]:
    found = []
    unmarked = tuple(sorted((day for day in in_force.days if day not in in_force.marks), key=lambda day: _date_of(days, day)))
    if unmarked:
        noun = "training day has" if len(unmarked) == 1 else "training days have"
        found.append(Missing(ATTENDANCE, f"{len(unmarked)} {noun} no mark yet", days=unmarked))
    elif not in_force.days:
        found.append(Missing(ATTENDANCE, "The term has no training day yet"))
    for exam in unscored(policy.subject, tally):
        found.append(Missing(SUBJECT, f"The {exam_label(exam).lower()} exam has no score yet", exam=exam))
    return tuple(found)


def _absences_in_a_row(policy: Policy, days: Mapping[int, Day], in_force: Effective) -> tuple[Notice, ...]:
    limit = policy.attendance.consecutive_absences
    if limit is None:
        return ()
    run: list[Record] = []
    longest: list[Record] = []
    for day in sorted(in_force.days, key=lambda day: (_date_of(days, day), day)):
        record = in_force.marks.get(day)
        if record is None:
            continue
        run = [*run, record] if record.status == "absent" else []
        longest = max(longest, run, key=len)
    if len(longest) < limit:
        return ()
    message = f"Absent {len(longest)} times in a row; the rule of {limit} asks a person to decide."
    return (Notice("consecutive_absences", message, tuple(longest)),)


def _date_of(days: Mapping[int, Day], day_id: int) -> str:
    return days[day_id].date.isoformat() if day_id in days else ""


def _name_of(days: Mapping[int, Day], day_id: int) -> str:
    return f"{days[day_id].title}, {_date_of(days, day_id)}" if day_id in days else f"Training day {day_id}"


def _plain(value: Fraction | int) -> str:
    """Return a number as a person writes it: whole when whole, else at most two decimals."""
    return str(value) if value.denominator == 1 else f"{float(value):.2f}".rstrip("0").rstrip(".")
