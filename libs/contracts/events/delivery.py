"""Who receives an event, and how its data become plain JSON; nothing here belongs to one owner."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

STAFF_CHANNEL, EVERYONE_CHANNEL = "staff", "everyone"

Data = dict[str, Any]


@dataclass(frozen=True)
class Delivery:
    """What one channel receives of an event: the whole of it, or only the rows that channel may see."""

    channel: str
    data: Data


@dataclass(frozen=True)
class EventType:
    """One kind of event: the builder of its data and the rule of who receives it."""

    build: Callable[..., Data]
    deliver: Callable[[Data], list[Delivery]]


def cadet_channel(cadet_id: int) -> str:
    """Return the channel on which one cadet receives their own rows and nothing else."""
    return f"cadet:{cadet_id}"


def user_channel(user_id: int) -> str:
    """Return the channel of one account: its notifications and its jobs."""
    return f"user:{user_id}"


def session_channel(session_id: str) -> str:
    """Return the channel that ends the sockets of one sign-in session; nothing else is ever sent on it."""
    return f"session:{session_id}"


def in_batches(rows: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """Yield `rows` in slices of at most `size`, so that each fits one event."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


# A hundred gradebook rows hold 2,500 values, nearly all of them plain already: one look at the type instead of five.
_SIMPLE = frozenset({str, int, bool, float, type(None)})


def plain(value: Any) -> Any:
    """Return a value as JSON has it: instants in UTC with Z, dates, ids and decimals as text."""
    if type(value) in _SIMPLE:
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, (date, UUID, Decimal)):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): item if type(item) in _SIMPLE else plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def pick(row: Mapping[str, Any], fields: Iterable[str]) -> Data:
    """Return these fields of a row, plain; ValueError when one is missing."""
    try:
        return {name: item if type(item := row[name]) in _SIMPLE else plain(item) for name in fields}
    except KeyError as missing:
        raise ValueError(f"the event lacks {missing}") from None


def whole(row: Mapping[str, Any], *required: str) -> Data:
    """Return the whole row, plain; ValueError when a required field is missing."""
    pick(row, required)
    return {str(name): plain(item) for name, item in row.items()}


def bounded(rows: Sequence[Any], limit: int) -> Sequence[Any]:
    """Return `rows`; ValueError when there are more than one event may carry."""
    if len(rows) > limit:
        raise ValueError(f"an event carries at most {limit} rows, not {len(rows)}")
    return rows


def to_staff_and_own(key: str) -> Callable[[Data], list[Delivery]]:
    """Return the rule that staff receive all rows of `key` and each cadet only their own."""

    def deliver(data: Data) -> list[Delivery]:
        """Deliver to staff and admins; each cadet gets only their own."""
        own: dict[int, list[Data]] = {}
        for row in data[key]:
            own.setdefault(row["cadet_id"], []).append(row)
        rest = {name: value for name, value in data.items() if name != key}
        return [Delivery(STAFF_CHANNEL, data)] + [
            Delivery(cadet_channel(cadet), {**rest, key: rows}) for cadet, rows in own.items()
        ]

    return deliver


def to_staff(data: Data) -> list[Delivery]:
    """Deliver to staff and admins."""
    return [Delivery(STAFF_CHANNEL, data)]


def to_everyone(data: Data) -> list[Delivery]:
    """Deliver to everyone who is signed in."""
    return [Delivery(EVERYONE_CHANNEL, data)]


def to_user(data: Data) -> list[Delivery]:
    """Deliver to the account of `user_id`."""
    return [Delivery(user_channel(data["user_id"]), data)]


def to_nobody(_data: Data) -> list[Delivery]:
    """Deliver to services only, to no socket."""
    return []
