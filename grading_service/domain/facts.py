"""A fact on its way in, before it is a record: what a device sends, checked for shape but not yet against the database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

# Clocks of phones run ahead by minutes; a fact of tomorrow would outrank every true one until tomorrow.
CLOCK_TOLERANCE = timedelta(minutes=10)

IN_FUTURE = "occurred_in_future"
ID_CONFLICT = "record_id_conflict"


class NewRecord(NamedTuple):
    """One fact of one cadet; which of the fields after `occurred_at` are set depends on `kind`. `id` is canonical text.

    `actor_id` is the person of the token; a request cannot name another.
    """

    id: str
    kind: str
    cadet_id: int
    occurred_at: datetime
    term_id: int | None = None
    training_day_id: int | None = None
    exam: str | None = None
    status: str | None = None
    points: int | None = None
    value: Decimal | None = None
    target_id: str | None = None
    reason: str = ""
    device_id: str = ""
    device_seq: int = 0
    actor_id: int = 0


class Rejected(NamedTuple):
    """One item that was not stored; `index` is its place in the request, `id` what it called itself."""

    id: Any
    index: int  # type: ignore[assignment] # the word of the API; nobody asks a rejection for tuple.index
    code: str
    message: str


class Sorted(NamedTuple):
    """A batch taken apart: facts to store by id, (place, id) of those repeated with the same content, and items refused."""

    facts: dict[str, NewRecord]
    repeated: list[tuple[int, str]]
    rejected: list[Rejected]


def sort_out(facts: Iterable[tuple[int, NewRecord]], now: datetime) -> Sorted:
    """Take apart a batch of (place in the request, fact): repetitions, clashes within it, and facts of the future."""
    kept: dict[str, NewRecord] = {}
    repeated: list[tuple[int, str]] = []
    rejected: list[Rejected] = []
    latest = now + CLOCK_TOLERANCE
    for index, fact in facts:
        if fact.occurred_at > latest:
            rejected.append(Rejected(fact.id, index, IN_FUTURE, "This happened in the future. Check the clock of the device."))
        elif fact.id not in kept:
            kept[fact.id] = fact
        elif kept[fact.id] == fact:
            repeated.append((index, fact.id))
        else:
            rejected.append(Rejected(fact.id, index, ID_CONFLICT, "Another record of this request has the same id."))
    return Sorted(kept, repeated, rejected)
