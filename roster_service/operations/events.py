"""Telling the other services: the events of the roster, each in the transaction of what it tells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from libs.contracts import events
from libs.events import outbox
from roster_service.models import Cadet, Outbox, Staff
from roster_service.queries import cadets, staff


def tell_cadet(session: Session, event: str, cadet: Cadet, now: datetime, actor_id: int | None = None) -> None:
    """Record that one cadet was created, updated, archived or restored, and by which account."""
    session.flush()
    outbox.record(session, Outbox, event, events.roster.cadet_data(cadets.snapshot(cadet), actor_id), now=now)


def tell_cadets(session: Session, changed: Sequence[Cadet], now: datetime, actor_id: int | None = None) -> None:
    """Record that many cadets changed at once, in events of at most 200, and by which account."""
    session.flush()
    for batch in events.delivery.in_batches(changed, events.roster.MAX_CADETS):
        data = events.roster.cadets_imported_data([cadets.snapshot(cadet) for cadet in batch], actor_id)
        outbox.record(session, Outbox, events.roster.CADETS_IMPORTED, data, now=now)


def tell_staff(session: Session, event: str, member: Staff, now: datetime, actor_id: int | None = None) -> None:
    """Record that one member of staff was created, updated, archived or restored, and by which account."""
    session.flush()
    outbox.record(session, Outbox, event, events.roster.staff_data(staff.snapshot(member), actor_id), now=now)
