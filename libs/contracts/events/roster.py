"""The events of the roster: cadets and staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from libs.contracts.events.delivery import STAFF_CHANNEL, Data, Delivery, EventType, bounded, cadet_channel, pick, to_staff

CADET_CREATED, CADET_UPDATED = "roster.cadet.created", "roster.cadet.updated"
CADET_ARCHIVED, CADET_RESTORED = "roster.cadet.archived", "roster.cadet.restored"
CADETS_IMPORTED = "roster.cadets.imported"
STAFF_CREATED, STAFF_UPDATED = "roster.staff.created", "roster.staff.updated"
STAFF_ARCHIVED, STAFF_RESTORED = "roster.staff.archived", "roster.staff.restored"
# The most a single event may carry; a writer with more records several events (`in_batches`).
MAX_CADETS = 200

_CADET = (
    "id", "student_id", "first_name", "last_name", "middle_name", "suffix_name", "email", "company", "platoon",
    "cadet_course", "status", "is_archived", "withdrawn", "version", "username",
)  # fmt: skip
_STAFF = ("id", "first_name", "last_name", "email", "position", "is_archived", "version")


def cadet_data(cadet: Mapping[str, Any], actor_id: int | None = None) -> Data:
    """Build the data of roster.cadet.*: `cadet`, what others need to know: no address, no birth date; `actor_id`, if known."""
    return {"cadet": pick(cadet, _CADET)} | _by(actor_id)


def cadets_imported_data(cadets: Sequence[Mapping[str, Any]], actor_id: int | None = None) -> Data:
    """Build the data of roster.cadets.imported: `cadets`, at most 200, as in `roster.cadet.created`; `actor_id`, if known."""
    return {"cadets": [pick(cadet, _CADET) for cadet in bounded(cadets, MAX_CADETS)]} | _by(actor_id)


def staff_data(staff: Mapping[str, Any], actor_id: int | None = None) -> Data:
    """Build the data of roster.staff.*: `staff`, the name, the address of mail and the position; `actor_id`, if known."""
    return {"staff": pick(staff, _STAFF)} | _by(actor_id)


def _by(actor_id: int | None) -> Data:
    return {} if actor_id is None else {"actor_id": actor_id}


def _cadet(data: Data) -> list[Delivery]:
    """Deliver to staff and admins, and that cadet."""
    return [Delivery(STAFF_CHANNEL, data), Delivery(cadet_channel(data["cadet"]["id"]), data)]


def _cadets(data: Data) -> list[Delivery]:
    """Deliver to staff and admins; each cadet gets only their own."""
    mine = [Delivery(cadet_channel(row["id"]), {"cadets": [row]}) for row in data["cadets"]]
    return [Delivery(STAFF_CHANNEL, data), *mine]


EVENT_TYPES: Mapping[str, EventType] = {
    **dict.fromkeys((CADET_CREATED, CADET_UPDATED, CADET_ARCHIVED, CADET_RESTORED), EventType(cadet_data, _cadet)),
    CADETS_IMPORTED: EventType(cadets_imported_data, _cadets),
    **dict.fromkeys((STAFF_CREATED, STAFF_UPDATED, STAFF_ARCHIVED, STAFF_RESTORED), EventType(staff_data, to_staff)),
}
