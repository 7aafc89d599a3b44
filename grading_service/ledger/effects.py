"""The effect of each fact of a batch, told in the transaction that stores it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from grading_service.domain.effects import (
    CANCELLED_DAY,
    CHANGED_MEANWHILE,
    CLOCK_AHEAD,
    NONE,
    NOTHING_TO_VOID,
    OLDER,
    VOIDED,
    Effect,
)
from grading_service.domain.facts import CLOCK_TOLERANCE
from grading_service.domain.records import NONE as NO_MARK
from grading_service.domain.records import VOID
from grading_service.ledger.log import Appended, Stored
from libs.web.lists import instant_text

_OTHER = f"""json_build_object('record_id', s.id, 'status', s.status, 'value', CAST(s.value AS text), 'actor_id', s.actor_id,
    'device_id', s.device_id, 'occurred_at', {instant_text("s.occurred_at")}, 'recorded_at', {instant_text("s.recorded_at")})"""
_KNOWN = text(
    f"""SELECT CAST(f.id AS text) AS id, f.kind, f.set_aside, f.id = s.id AS stands, coalesce(d.is_cancelled, false) AS cancelled,
            EXISTS (SELECT FROM grading.record v WHERE v.kind = 'void' AND v.target_id = f.id) AS voided,
            t.set_aside IS NOT NULL AS void_of_nothing, CASE WHEN s.id <> f.id THEN {_OTHER} END AS current
        FROM grading.record f
            LEFT JOIN grading.training_day d ON d.id = f.training_day_id
            LEFT JOIN grading.mark m
                ON f.kind = 'attendance' AND m.training_day_id = f.training_day_id AND m.cadet_id = f.cadet_id
            LEFT JOIN grading.score p
                ON f.kind = 'score' AND p.term_id = f.term_id AND p.cadet_id = f.cadet_id AND p.exam = f.exam
            LEFT JOIN grading.record s ON s.id = coalesce(m.record_id, p.record_id)
            LEFT JOIN grading.record t ON t.id = f.target_id
        WHERE f.id = ANY(CAST(:ids AS uuid[]))"""  # noqa: S608 - our own column list, here and below
)
_REPLACED = text(
    f"SELECT CAST(s.id AS text) AS id, s.status, s.actor_id, {_OTHER} AS other FROM grading.record s"  # noqa: S608
    " WHERE s.id = ANY(CAST(:ids AS uuid[]))"
)


def effects_of(connection: Connection, done: Appended, now: datetime) -> dict[str, Effect]:
    """Return the effect of each fact that is stored, now or before, by the id of its record; two statements at most.

    Most facts are applied and nothing is to be said about them: only the others are looked at.
    """
    effects: dict[str, Effect] = {}
    unclear = [fact.id for facts in done.duplicates.values() for fact in facts]
    over: dict[str, Stored] = {}
    for part in done.parts:
        for item in part.stored:
            fact = item.fact
            if not item.in_force or fact.training_day_id in part.held.cancelled:
                unclear.append(fact.id)
                continue
            effects[fact.id] = Effect(fact.id, reason=CLOCK_AHEAD if fact.occurred_at > now + CLOCK_TOLERANCE else None)
            if fact.saw and item.replaced_id not in (None, fact.after):
                over[item.replaced_id or ""] = item
    effects |= {effect.id: effect for effect in _known(connection, unclear)}
    effects |= {effect.id: effect for effect in _unseen(connection, over)}
    return effects


def _known(connection: Connection, ids: Sequence[str]) -> Iterable[Effect]:
    if not ids:
        return
    for row in connection.execute(_KNOWN, {"ids": list(ids)}):
        reason = _reason(row)
        yield Effect(row.id, NONE, reason, row.current) if reason else Effect(row.id)


def _reason(row: Any) -> str | None:
    if row.set_aside:
        return str(row.set_aside)
    if row.stands is not None:
        return OLDER if not row.stands else CANCELLED_DAY if row.cancelled else None
    if row.kind == VOID:
        return NOTHING_TO_VOID if row.void_of_nothing else None
    return VOIDED if row.voided else None


def _unseen(connection: Connection, over: dict[str, Stored]) -> Iterable[Effect]:
    """Yield the effect of marks that took the place of another one that their writer had not seen."""
    if not over:
        return
    for row in connection.execute(_REPLACED, {"ids": list(over)}):
        fact = over[row.id].fact
        # Somebody's own mark is no news to them; nor is one that was taken back to whoever saw the cell empty.
        if row.actor_id != fact.actor_id and row.status != fact.status and (row.status != NO_MARK or fact.after):
            yield Effect(fact.id, reason=CHANGED_MEANWHILE, replaced=row.other)
