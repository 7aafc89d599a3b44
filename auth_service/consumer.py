"""What auth does with the events of the roster."""

from collections.abc import Callable
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from auth_service.operations.people import apply_cadets, apply_staff
from libs import clock
from libs.contracts.events import roster
from libs.contracts.events.delivery import in_batches


def on_cadet(session: Session, event: dict[str, Any]) -> None:
    """Follow one cadet."""
    apply_cadets(session, [event["data"]["cadet"]], now=clock.now(), actor_id=event["data"].get("actor_id"))


def on_cadets(session: Session, event: dict[str, Any]) -> None:
    """Follow the cadets of an import."""
    apply_cadets(session, event["data"]["cadets"], now=clock.now(), actor_id=event["data"].get("actor_id"))


def on_staff(session: Session, event: dict[str, Any]) -> None:
    """Follow one member of staff."""
    apply_staff(session, [event["data"]["staff"]], now=clock.now(), actor_id=event["data"].get("actor_id"))


HANDLERS = {
    roster.CADETS_IMPORTED: on_cadets,
    **dict.fromkeys(
        (roster.CADET_CREATED, roster.CADET_UPDATED, roster.CADET_ARCHIVED, roster.CADET_RESTORED),
        on_cadet,
    ),
    **dict.fromkeys(
        (roster.STAFF_CREATED, roster.STAFF_UPDATED, roster.STAFF_ARCHIVED, roster.STAFF_RESTORED),
        on_staff,
    ),
}


def reconcile() -> Callable[[Session], None]:
    """Read everybody in the roster, after events may have been lost; return fn(session), which follows them."""
    client = current_app.extensions["auth_roster"]
    cadets, staff = list(client.each_cadet()), list(client.each_staff())

    def follow(session: Session) -> None:
        for batch in in_batches(cadets, roster.MAX_CADETS):
            apply_cadets(session, batch, now=clock.now())
        apply_staff(session, staff, now=clock.now())

    return follow
