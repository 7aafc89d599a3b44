"""Exam scores."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from grading_service.domain.facts import Fact, Rejected, newest
from grading_service.operations.batches import record_facts
from grading_service.operations.events import tell_grades, tell_scores
from grading_service.operations.log import Outcome
from grading_service.operations.projection import days_and_policy, lock_grades, write_grades
from grading_service.queries.policies import policy_of
from grading_service.queries.terms import policy_versions
from libs.jsonio import dumps

Row = dict[str, Any]

_PUT = text(
    """INSERT INTO grading.score AS s (term_id, cadet_id, exam, record_id, value, occurred_at, device_id, device_seq, actor_id)
        SELECT :term_id, f.cadet_id, f.exam, f.id, f.value, f.occurred_at, f.device_id, f.device_seq, :actor_id
        FROM json_to_recordset(CAST(:scores AS json)) AS f(cadet_id integer, exam text, id uuid, value numeric,
            occurred_at timestamptz, device_id text, device_seq bigint)
        ON CONFLICT (term_id, cadet_id, exam) DO UPDATE SET record_id = excluded.record_id, value = excluded.value,
            occurred_at = excluded.occurred_at, device_id = excluded.device_id, device_seq = excluded.device_seq,
            actor_id = excluded.actor_id
        WHERE (excluded.occurred_at, excluded.device_id, excluded.device_seq, excluded.record_id)
            > (s.occurred_at, s.device_id, s.device_seq, s.record_id)
        RETURNING cadet_id, exam, CAST(value AS text) AS value"""
)


def record_scores(*, scores: Sequence[tuple[int, Fact]], rejected: Sequence[Rejected], actor_id: int, now: datetime) -> Outcome:
    """Store exam scores; the latest by the time it was given is in force, and one without a value clears."""
    allowed, refused = _within_policy(scores)
    return record_facts(items=allowed, rejected=[*rejected, *refused], project=_project, actor_id=actor_id, now=now)


def _within_policy(scores: Sequence[tuple[int, Fact]]) -> tuple[list[tuple[int, Fact]], list[Rejected]]:
    """Refuse what the term's policy does not know: the exams and their maxima are its data."""
    versions = policy_versions({fact.term_id for _, fact in scores if fact.term_id is not None})
    allowed, refused = [], []
    for index, fact in scores:
        version = versions.get(fact.term_id or 0)
        exams = policy_of(version).subject.exams if version is not None else {}
        if version is None:
            refused.append(Rejected(fact.id, index, "unknown_term", "There is no such term."))
        elif fact.exam not in exams:
            refused.append(Rejected(fact.id, index, "unknown_exam", f"This term has the exams {', '.join(exams)}."))
        elif fact.value is not None and fact.value > exams[fact.exam]:
            refused.append(Rejected(fact.id, index, "score_out_of_range", f"A score is between 0 and {exams[fact.exam]}."))
        else:
            allowed.append((index, fact))
    return allowed, refused


def _project(session: Session, term_id: int, facts: Sequence[Fact], actor_id: int, now: datetime) -> list[Row]:
    counts = lock_grades(session, term_id, (fact.cadet_id for fact in facts))
    latest = newest(facts)
    keys = ("cadet_id", "exam", "id", "value", "occurred_at", "device_id", "device_seq")
    rows = [{key: getattr(fact, key) for key in keys} for fact in latest.values()]
    values = {"scores": dumps(rows).decode(), "term_id": term_id, "actor_id": actor_id}
    put = session.execute(_PUT, values).all()
    if not put:
        return []
    days, policy = days_and_policy(session, term_id)
    for score in put:
        counts[score.cadet_id].scores = counts[score.cadet_id].scores | {score.exam: score.value}
    moved = sorted({score.cadet_id for score in put})
    shown = write_grades(session, term_id, policy, days, [counts[cadet_id] for cadet_id in moved])
    tell_scores(session, term_id, [latest[score.exam, score.cadet_id] for score in put], actor_id, now)
    tell_grades(session, term_id, shown, now)
    return shown
