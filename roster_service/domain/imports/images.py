"""What a cadet's record was before and after an import: what an undo restores, and what it must still find."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from roster_service.domain.fields import IMPORTED_FIELDS
from roster_service.domain.names import display_name

# A change of one of these by hand is as much a change as one of an imported field.
WATCHED_FIELDS = (*IMPORTED_FIELDS, "status", "is_archived", "is_profile_completed")
RESTORED_FIELDS = (*IMPORTED_FIELDS, "unit_id", "is_archived")


def image_of(cadet: Any) -> dict[str, Any]:
    """Return the watched and restored fields of a record as JSON values."""
    image = {name: getattr(cadet, name) for name in {*WATCHED_FIELDS, *RESTORED_FIELDS}}
    image["birthdate"] = image["birthdate"].isoformat() if image["birthdate"] else None
    return image


def put_back(cadet: Any, image: Mapping[str, Any]) -> None:
    """Give a record the fields of an earlier image."""
    for name in RESTORED_FIELDS:
        value = image[name]
        setattr(cadet, name, date.fromisoformat(value) if name == "birthdate" and value else value)


def named(cadet: Any) -> dict[str, Any]:
    """Return whom an undo speaks of."""
    return {"cadet_id": cadet.id, "student_id": cadet.student_id, "name": display_name(cadet.last_name, cadet.first_name)}


def kept_cadet(cadet: Any, reason: str) -> dict[str, Any]:
    """Return a cadet whom an undo leaves, with the reason."""
    return {**named(cadet), "reason": reason}


def changed_fields(after: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return what changed since an import: field -> [as imported, as it is now]."""
    return {name: [after[name], now[name]] for name in WATCHED_FIELDS if after[name] != now[name]}
