"""Merits and demerits, and voiding them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from grading_service.access import access_points
from grading_service.domain.facts import ID_CONFLICT, Fact, Rejected
from grading_service.domain.records import MERIT, VOID
from grading_service.operations.batches import record_facts
from grading_service.operations.events import grades_told, points_told, tell
from grading_service.operations.log import ALREADY_VOID, STORE_POINTS, Outcome, Stored
from grading_service.operations.projection import hold_grades, write_grades
from grading_service.queries.rows import Rows
from libs.errors import Conflict, Invalid


def record_points(*, records: Sequence[tuple[int, Fact]], rejected: Sequence[Rejected], actor_id: int, now: datetime) -> Outcome:
    """Store merits and demerits."""
    return record_facts(items=records, rejected=rejected, store=STORE_POINTS, project=_project, actor_id=actor_id, now=now)


def void_points(*, record_id: str, void: Fact, actor_id: int, now: datetime) -> Outcome:
    """Cancel a merit or demerit by a further record; both stay in the log.

    Args:
        record_id: of the merit or demerit.
        void: the id, reason and time of the void itself.

    Raises:
        NotFound: there is no such merit or demerit.
        Conflict: it is void already, or the id of the void belongs to another record.
        Invalid: the void happened in the future.
    """
    target = access_points(record_id)
    fact = void._replace(kind=VOID, cadet_id=target["cadet_id"], term_id=target["term_id"], target_id=str(target["id"]))
    outcome = record_facts(items=[(0, fact)], rejected=[], store=STORE_POINTS, project=_project, actor_id=actor_id, now=now)
    for refused in outcome.rejected:
        if refused.code in (ID_CONFLICT, ALREADY_VOID):
            raise Conflict(refused.message, code=refused.code)
        raise Invalid(refused.message, code=refused.code, details={"occurred_at": [refused.message]})
    return outcome


def _project(connection: Connection, term_id: int, stored: Sequence[Stored], actor_id: int, now: datetime) -> list[Rows]:
    facts = [item.fact for item in stored]
    held = hold_grades(connection, term_id, (fact.cadet_id for fact in facts))
    for fact in facts:
        kind, points = fact.kind, fact.points or 0
        if kind == VOID:
            target = access_points(fact.target_id)
            kind, points = target["kind"], -target["points"]
        if kind == MERIT:
            held.counts[fact.cadet_id].merits += points
        else:
            held.counts[fact.cadet_id].demerits += points
    shown = write_grades(connection, term_id, held)
    tell(connection, [points_told(term_id, facts, actor_id), grades_told(term_id, shown)], now)
    return shown
