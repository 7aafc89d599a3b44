"""Subject proficiency: the sum of the scores / the sum of the maxima * weight (legacy rule 3.2)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from grading_service.domain.outlook import Standing
from grading_service.domain.policy import SubjectRule
from grading_service.domain.tally import Tally


def exam_label(exam: str) -> str:
    """Return what people call an exam: "quiz_1" is "Quiz 1"."""
    return exam.replace("_", " ").capitalize()


def score_value(rule: SubjectRule) -> Fraction:
    """Return what one exam point weighs in the final grade."""
    return rule.weight / rule.total


def unscored(rule: SubjectRule, tally: Tally) -> Iterator[str]:
    """Yield the exams without a score."""
    return (exam for exam, score in zip(rule.exams, tally.scores, strict=True) if score is None)


def subject_standing(rule: SubjectRule, tally: Tally) -> Standing:
    """Return what the scored exams hold; one without a score is open, and worth nothing or all of it. (The legacy system took a
    missing exam for a zero.)"""
    return _standing(rule, tally.scores)


@lru_cache(maxsize=4_096)
def _standing(rule: SubjectRule, scores: tuple[Decimal | None, ...]) -> Standing:
    value = score_value(rule)
    held = Fraction(sum((score for score in scores if score is not None), Decimal(0))) * value
    still = sum((top for top, score in zip(rule.exams.values(), scores, strict=True) if score is None), Fraction(0)) * value
    return Standing(rule.weight, held=held, worst=held, best=held + still if still else held)
