"""Merits and demerits, and voiding them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from grading_service.access import access_points
from grading_service.domain.facts import NewRecord, Rejected
from grading_service.domain.records import MERIT, VOID
from grading_service.ledger.log import Outcome, TermBatch
from grading_service.ledger.projection import write_grades
from grading_service.ledger.recorder import Recording
from grading_service.ledger.rows import Rows
from grading_service.operations.events import grades_events, points_events, record_events
from libs.web.errors import Conflict


def _project(connection: Connection, part: TermBatch, now: datetime) -> list[Rows]:
    facts = [item.fact for item in part.stored if item.in_force]
    if not facts:
        return []
    for fact in facts:
        kind, points = fact.kind, fact.points or 0
        if kind == VOID:
            target = access_points(fact.target_id)
            kind, points = target["kind"], -target["points"]
        if kind == MERIT:
            part.held.counts[fact.cadet_id].merits += points
        else:
            part.held.counts[fact.cadet_id].demerits += points
    shown = write_grades(connection, part.term_id, part.held)
    record_events(connection, [points_events(part.term_id, facts), grades_events(part.term_id, shown)], now)
    return shown


_POINTS = Recording(_project)


def record_points(*, records: Sequence[tuple[int, NewRecord]], rejected: Sequence[Rejected], now: datetime) -> Outcome:
    """Store merits and demerits."""
    return _POINTS.record(records, rejected, now)


def void_points(*, record_id: str, void: NewRecord, now: datetime) -> Outcome:
    """Cancel a merit or demerit by a further record; both stay in the log.

    Args:
        record_id: of the merit or demerit.
        void: the id, reason and time of the void itself.

    Raises:
        NotFound: there is no such merit or demerit.
        Conflict: it is void already, or the id of the void belongs to another record.
    """
    target = access_points(record_id)
    fact = void._replace(kind=VOID, cadet_id=target["cadet_id"], term_id=target["term_id"], target_id=str(target["id"]))
    outcome = _POINTS.record([(0, fact)], [], now)
    for refused in outcome.rejected:
        raise Conflict(refused.message, code=refused.code)
    return outcome
