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


def subject_points(rule: SubjectRule, tally: Tally) -> Fraction | None:
    """Return the exact points; None until every exam is scored. (The legacy system counted a missing exam as zero.)"""
    if None in tally.scores:
        return None
    return _points(rule, tally.scores)


@lru_cache(maxsize=4_096)
def _points(rule: SubjectRule, scores: tuple[Decimal, ...]) -> Fraction:
    return _scored(scores) * score_value(rule)


def subject_standing(rule: SubjectRule, tally: Tally) -> Standing:
    """Return what the scored exams hold, what the others leave open and what is lost."""
    still = sum((rule.exams[exam] for exam in unscored(rule, tally)), Fraction(0))
    value = score_value(rule)
    return Standing(rule.weight, held=_scored(tally.scores) * value, open=still * value)


def _scored(scores: tuple[Decimal | None, ...]) -> Fraction:
    return Fraction(sum((score for score in scores if score is not None), Decimal(0)))
