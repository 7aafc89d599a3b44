"""Creating and changing one cadet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from libs.contracts import events
from libs.contracts.student_numbers import student_key
from libs.data.db import constraint_name, transaction
from libs.web.errors import Conflict, Invalid
from libs.web.etag import check_if_match
from roster_service.access import lock_cadet
from roster_service.domain.choices import STATUS_ONGOING
from roster_service.domain.fields import CLEARED_FIELDS
from roster_service.domain.names import display_name, letters_and_digits
from roster_service.domain.same_person import names_agree
from roster_service.models import Cadet
from roster_service.operations.events import tell_cadet
from roster_service.queries import cadets, units

_TAKEN = {"student_id": "The student id", "username": "The user name"}
_CONSTRAINTS = {"uq_cadet_student_key": "student_id", "uq_cadet_username_lower": "username"}


def create_cadet(*, values: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Store a new cadet and tell the others.

    Without a user name the cadet gets the letters and digits of the student id, as the legacy system gave out.

    Raises:
        Conflict: the student id or user name belongs to somebody; the details name the field and the cadet.
        Invalid: there is no such company or platoon.
    """
    given = {**values, "username": values.get("username") or letters_and_digits(values["student_id"])}
    if not given["username"]:
        raise Invalid(details={"username": ["Needed, because the student id holds no letters or digits."]})
    with transaction() as session:
        _refuse_taken(given, other_than=None)
        withdrawn = _lock_asleep(session, given)
        cadet = withdrawn or Cadet()
        if withdrawn:
            reset_cadet(withdrawn)
        _assign(cadet, given)
        cadet.created_at = cadet.created_at or now
        if not withdrawn:
            session.add(cadet)
        _store(session, cadet, now)
        tell_cadet(session, events.roster.CADET_CREATED, cadet, now)
        return cadets.cadet_row(cadet)


def update_cadet(
    *, actor_id: int, cadet_id: int, values: Mapping[str, Any], if_match: str | None, now: datetime
) -> dict[str, Any]:
    """Change the given fields of a cadet; If-Match is honoured. Nothing is told when nothing changed.

    Raises:
        NotFound, StaleVersion
        Conflict: the student id or user name belongs to somebody else.
        Invalid: there is no such company or platoon.
    """
    with transaction() as session:
        cadet = lock_cadet(session, cadet_id)
        check_if_match(cadet.version, if_match)
        changed = {name: value for name, value in values.items() if getattr(cadet, name) != value}
        if changed:
            _refuse_taken(changed, other_than=cadet_id)
            _assign(cadet, changed)
            _store(session, cadet, now)
            tell_cadet(session, events.roster.CADET_UPDATED, cadet, now, actor_id)
        return cadets.cadet_row(cadet)


def set_archived(*, cadet_id: int, archived: bool, if_match: str | None, now: datetime) -> dict[str, Any]:
    """Archive a cadet or take one back; doing it twice changes nothing. If-Match is honoured.

    Raises:
        NotFound, StaleVersion
    """
    with transaction() as session:
        cadet = lock_cadet(session, cadet_id)
        check_if_match(cadet.version, if_match)
        if cadet.is_archived != archived:
            mark_archived(cadet, archived, now)
            tell_cadet(session, events.roster.CADET_ARCHIVED if archived else events.roster.CADET_RESTORED, cadet, now)
        return cadets.cadet_row(cadet)


def mark_archived(cadet: Cadet, archived: bool, now: datetime) -> None:
    """Set the archive flag as a new version of the record."""
    cadet.is_archived = archived
    cadet.version += 1
    cadet.updated_at = now


def resolve_units(values: dict[str, Any], stored: Mapping[str, Any]) -> None:
    """Write company and platoon as the unit tree does and add the id of the unit they name; in place.

    Raises:
        Invalid: a word that no unit goes by.
    """
    if not values.keys() & {"company", "platoon"}:
        return
    names = units.unit_names()
    for name, find in (("company", names.company), ("platoon", names.platoon)):
        word = values.get(name)
        if word:
            if (known := find(word)) is None:
                raise Invalid(details={name: [f"There is no {name} of this name."]})
            values[name] = known
    company, platoon = (values[name] if name in values else stored.get(name) for name in ("company", "platoon"))
    values["unit_id"] = names.resolve(company, platoon)


def _assign(cadet: Cadet, values: Mapping[str, Any]) -> None:
    new = dict(values)
    resolve_units(new, {"company": cadet.company, "platoon": cadet.platoon})
    for name, value in new.items():
        setattr(cadet, name, value)


def _store(session: Session, cadet: Cadet, now: datetime) -> None:
    cadet.updated_at = now
    cadet.version = (cadet.version or 0) + 1
    for flag in ("is_archived", "is_profile_completed"):
        if getattr(cadet, flag) is None:
            setattr(cadet, flag, False)
    cadet.status = cadet.status or STATUS_ONGOING
    try:
        session.flush()
    except IntegrityError as error:
        # Somebody else stored the same id between our look and our write.
        field = _CONSTRAINTS.get(constraint_name(error))
        if field is None:
            raise
        raise Conflict(f"{_TAKEN[field]} was taken a moment ago.", code=f"duplicate_{field}", details={"field": field}) from error


def _refuse_taken(values: Mapping[str, Any], other_than: int | None) -> None:
    """Refuse a student id or user name of somebody else."""
    student_id, username = values.get("student_id"), values.get("username")
    for holder in cadets.cadets_with_id_or_username(student_id=student_id, username=username, other_than=other_than):
        field = "student_id" if student_id and holder["student_key"] == student_key(student_id) else "username"
        name = display_name(holder["last_name"], holder["first_name"])
        raise Conflict(
            f"{_TAKEN[field]} belongs to {name} already.",
            code=f"duplicate_{field}",
            details={
                "field": field,
                "cadet": {
                    "id": holder["id"],
                    "name": name,
                    "student_id": holder["student_id"],
                    "is_archived": holder["is_archived"],
                },
            },
        )


def _lock_asleep(session: Session, values: Mapping[str, Any]) -> Cadet | None:
    """Return the withdrawn record of this very person, which comes back under its id; another person never gets that id."""
    for cadet_id in cadets.withdrawn_ids(values["student_id"]):
        found = session.get(Cadet, cadet_id, with_for_update=True)
        # Somebody may have taken the record up while we waited for it.
        if found and found.withdrawn_at and names_agree(vars(found), values):
            return found
    return None


def reset_cadet(cadet: Cadet) -> None:
    """Empty the record of an undone import, to be filled again under its old id, which the other services know."""
    for name in CLEARED_FIELDS:
        setattr(cadet, name, None)
    cadet.is_archived = cadet.is_profile_completed = cadet.has_seen_guide = False
    cadet.status = STATUS_ONGOING
