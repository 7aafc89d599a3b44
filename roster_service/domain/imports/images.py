"""What a cadet's record was before and after an import: what an undo restores, and what it must still find."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from roster_service.domain.fields import IMPORTED_FIELDS

# A change of one of these by hand is as much a change as one of an imported field.
WATCHED_FIELDS = (*IMPORTED_FIELDS, "status", "is_archived", "is_profile_completed")
RESTORED_FIELDS = (*IMPORTED_FIELDS, "unit_id", "is_archived")


def image_of(cadet: Any) -> dict[str, Any]:
    """Return the watched and restored fields of a record as JSON values."""
    image = {name: getattr(cadet, name) for name in {*WATCHED_FIELDS, *RESTORED_FIELDS}}
    image["birthdate"] = image["birthdate"].isoformat() if image["birthdate"] else None
    return image


def changed_fields(after: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return what changed since an import: field -> [as imported, as it is now]."""
    return {name: [after[name], now[name]] for name in WATCHED_FIELDS if after[name] != now[name]}
