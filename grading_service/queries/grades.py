"""One grade with its reasons, now or as it stood at any time."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import text

from grading_service.domain.engine import COMPONENTS, minimum_of, total_shown
from grading_service.domain.explain import ExplainedGrade, explain
from grading_service.domain.explanation import ignored_to_dict, points_text
from grading_service.domain.outlook import Standing, end_to_dict
from grading_service.domain.policy import Policy
from grading_service.domain.records import Day
from grading_service.queries.policies import policy_of
from grading_service.queries.records import history_of
from grading_service.queries.terms import training_days_of
from libs.data.db import reading

Row = dict[str, Any]

ENDS = ("held", "worst", "best")

_VERSION = text("SELECT version FROM grading.grade WHERE term_id = :term_id AND cadet_id = :cadet_id")


def explained_grade(cadet: Row, term: Row, as_of: datetime | None = None) -> Row:
    """Return the explained grade of a cadet in a term, in three statements.

    Args:
        cadet, term: rows that `access` gave out.
        as_of: the grade as it stood then, by the time things were recorded; None is now.
    """
    policy = policy_of(term["policy_version"])
    with reading() as connection:
        version = connection.execute(_VERSION, {"term_id": term["id"], "cadet_id": cadet["id"]}).scalar() or 0
    days = {day["id"]: Day(day["id"], day["date"], day["title"]) for day in training_days_of(term["id"])}
    explained = explain(policy, days, history_of(term["id"], cadet["id"]), as_of, cadet["special"])
    grade = explained.grade
    return {
        "cadet": {key: cadet[key] for key in ("id", "student_id", "name", "company", "platoon")},
        "term": {key: term[key] for key in ("id", "name", "school_year", "semester")},
        "policy_version": policy.version,
        "state": grade.state,
        "final": None if grade.final is None else str(grade.final),
        "transmuted": grade.transmuted,
        "passed": grade.passed,
        "remarks": grade.remarks,
        "outlook": grade.outlook,
        "so_far": grade.so_far,
        "worst": end_to_dict(grade.worst),
        "best": end_to_dict(grade.best),
        "components": {name: points_text(grade.component(name), minimum_of(policy, name)) for name in COMPONENTS},
        "standing": _standing(policy, explained),
        "missing": [
            {"component": item.component, "what": item.what, "training_day_ids": list(item.days), "exam": item.exam}
            for item in explained.missing
        ],
        "notices": [
            {"code": notice.code, "message": notice.message, "records": [str(record.id) for record in notice.records]}
            for notice in explained.notices
        ],
        "explanation": explained.root.to_dict(),
        "ignored": ignored_to_dict(explained.in_force.ignored),
        "version": version,
        "as_of": as_of,
    }


def _standing(policy: Policy, explained: ExplainedGrade) -> Row:
    weights = {"attendance": policy.attendance.weight, "aptitude": policy.aptitude.weight, "subject": policy.subject.weight}
    pass_at = points_text(policy.transmutation.steps[-1][0])
    parts, grade = explained.standing, explained.grade
    shown = {
        name: _part(weight, parts[name] if parts else None, grade.component(name), minimum_of(policy, name))
        for name, weight in weights.items()
    }
    total = _part(policy.maximum, None)
    if parts is not None:
        held, worst, best = (sum((getattr(part, name) for part in parts.values()), Fraction(0)) for name in ENDS)
        total = _part(policy.maximum, Standing(policy.maximum, held, worst, best), grade.exact)
        total |= {"held": str(total_shown(policy, held)), "points": None if grade.final is None else str(grade.final)}
    return shown | {"total": total | {"best": grade.best.grade if grade.best else None, "pass_at": pass_at}}


def _part(weight: Fraction, part: Standing | None, points: Fraction | None = None, minimum: Fraction | None = None) -> Row:
    return {
        "points": points_text(points, minimum),
        "max": points_text(weight),
        "held": points_text(part.held if part else None, minimum),
        "open": points_text(part.open if part else None),
        "lost": points_text(part.lost if part else None),
    }
