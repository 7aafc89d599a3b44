"""Exam scores."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from grading_service.domain.facts import NewRecord, Rejected
from grading_service.ledger.log import Outcome, TermBatch
from grading_service.ledger.projection import write_grades
from grading_service.ledger.recorder import Recording
from grading_service.ledger.rows import Rows
from grading_service.operations.events import grades_events, record_events, scores_events
from grading_service.queries.policies import policy_of
from grading_service.queries.terms import policy_versions


def _within_policy(scores: Sequence[tuple[int, NewRecord]]) -> tuple[list[tuple[int, NewRecord]], list[Rejected]]:
    """Refuse what the term's policy does not know: the exams and their maxima are its data."""
    versions = policy_versions({fact.term_id for _, fact in scores if fact.term_id is not None})
    allowed, refused = [], []
    for index, fact in scores:
        version = versions.get(fact.term_id or 0)
        exams = policy_of(version).subject.exams if version is not None else {}
        if version is None:
            refused.append(Rejected(fact.id, index, "unknown_term", "There is no such term."))
        elif fact.exam is None or fact.exam not in exams:
            refused.append(Rejected(fact.id, index, "unknown_exam", f"This term has the exams {', '.join(exams)}."))
        elif fact.value is not None and fact.value > exams[fact.exam]:
            refused.append(Rejected(fact.id, index, "score_out_of_range", f"A score is between 0 and {exams[fact.exam]}."))
        else:
            allowed.append((index, fact))
    return allowed, refused


def _project(connection: Connection, part: TermBatch, now: datetime) -> list[Rows]:
    put = [item.fact for item in part.stored if item.in_force]
    if not put:
        return []
    for fact in put:
        value = None if fact.value is None else str(fact.value)
        counts = part.held.counts[fact.cadet_id]
        counts.scores = counts.scores | {fact.exam or "": value}
    shown = write_grades(connection, part.term_id, part.held)
    record_events(connection, [scores_events(part.term_id, put), grades_events(part.term_id, shown)], now)
    return shown


_SCORES = Recording(_project)


def record_scores(*, scores: Sequence[tuple[int, NewRecord]], rejected: Sequence[Rejected], now: datetime) -> Outcome:
    """Store exam scores; the latest by the time it was given is in force, and one without a value clears."""
    allowed, refused = _within_policy(scores)
    return _SCORES.record(allowed, [*rejected, *refused], now)
