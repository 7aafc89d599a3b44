"""Every event of RGMS: its name, the builder of its data, and the channels that may see it.

Pure. Whoever writes an event builds its data here, inside its transaction; whoever reads one knows its shape from here.
An event on the wire is {id, type, data, occurred_at, schema}.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from orjson import Fragment

CADET_CREATED, CADET_UPDATED = "roster.cadet.created", "roster.cadet.updated"
CADET_ARCHIVED, CADET_RESTORED = "roster.cadet.archived", "roster.cadet.restored"
CADETS_IMPORTED = "roster.cadets.imported"
STAFF_CREATED, STAFF_UPDATED = "roster.staff.created", "roster.staff.updated"
STAFF_ARCHIVED, STAFF_RESTORED = "roster.staff.archived", "roster.staff.restored"
ACCOUNT_CREATED, SESSION_REVOKED = "auth.account.created", "auth.session.revoked"
TERM_CREATED, TERM_UPDATED = "grading.term.created", "grading.term.updated"
TRAINING_DAY_CREATED, TRAINING_DAY_UPDATED = "grading.training_day.created", "grading.training_day.updated"
TRAINING_DAY_CANCELLED = "grading.training_day.cancelled"
ATTENDANCE_MARKED = "grading.attendance.marked"
MERIT_RECORDED, SCORE_RECORDED = "grading.merit.recorded", "grading.score.recorded"
GRADES_CHANGED = "grading.grades.changed"
NOTIFICATION_CREATED = "messaging.notification.created"
JOB_PROGRESSED = "ops.job.progressed"

STAFF_CHANNEL, EVERYONE_CHANNEL = "staff", "everyone"
# The most a single event may carry; a writer with more records several events (`in_batches`).
MAX_CADETS, MAX_ROWS, MAX_MARKS = 200, 100, 500

_CADET = (
    "id", "student_id", "first_name", "last_name", "middle_name", "suffix_name", "email", "company", "platoon",
    "cadet_course", "status", "is_archived", "version", "username",
)  # fmt: skip
_STAFF = ("id", "first_name", "last_name", "email", "position", "is_archived", "version")
_MARK = ("id", "training_day_id", "cadet_id", "status", "occurred_at", "actor_id")

Data = dict[str, Any]


@dataclass(frozen=True)
class Delivery:
    """What one channel receives of an event: the whole of it, or only the rows that channel may see."""

    channel: str
    data: Data


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


def _plain(value: Any) -> Any:
    if type(value) in _SIMPLE:
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, (date, UUID, Decimal)):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): item if type(item) in _SIMPLE else _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _pick(row: Mapping[str, Any], fields: Iterable[str]) -> Data:
    try:
        return {name: item if type(item := row[name]) in _SIMPLE else _plain(item) for name in fields}
    except KeyError as missing:
        raise ValueError(f"the event lacks {missing}") from None


def _whole(row: Mapping[str, Any], *required: str) -> Data:
    _pick(row, required)
    return _plain(row)


def _bounded(rows: Sequence[Any], limit: int) -> Sequence[Any]:
    if len(rows) > limit:
        raise ValueError(f"an event carries at most {limit} rows, not {len(rows)}")
    return rows


def cadet_data(cadet: Mapping[str, Any]) -> Data:
    """Build the data of roster.cadet.*: the fields other services and staff screens need, no address or birth date."""
    return {"cadet": _pick(cadet, _CADET)}


def cadets_imported_data(cadets: Sequence[Mapping[str, Any]]) -> Data:
    """Build the data of roster.cadets.imported: at most 200 cadets, in the shape of `cadet_data`."""
    return {"cadets": [_pick(cadet, _CADET) for cadet in _bounded(cadets, MAX_CADETS)]}


def staff_data(staff: Mapping[str, Any]) -> Data:
    """Build the data of roster.staff.*."""
    return {"staff": _pick(staff, _STAFF)}


def account_created_data(*, user_id: int, role: str, cadet_id: int | None, staff_id: int | None) -> Data:
    """Build the data of auth.account.created; for services only, no socket receives it."""
    return {"user_id": user_id, "role": role, "cadet_id": cadet_id, "staff_id": staff_id}


def session_revoked_data(*, user_id: int, session_ids: Iterable[Any]) -> Data:
    """Build the data of auth.session.revoked: every socket of these sign-in sessions is closed at once."""
    return {"user_id": user_id, "session_ids": [str(session_id) for session_id in session_ids]}


def term_data(term: Mapping[str, Any]) -> Data:
    """Build the data of grading.term.*: the term as the API answers it."""
    return {"term": _whole(term, "id")}


def training_day_data(training_day: Mapping[str, Any]) -> Data:
    """Build the data of grading.training_day.*: the day as the API answers it."""
    return {"training_day": _whole(training_day, "id", "term_id")}


def attendance_marked_data(*, term_id: int, marks: Sequence[Mapping[str, Any]]) -> Data:
    """Build the data of grading.attendance.marked: at most 500 marks of one term."""
    return {"term_id": term_id, "marks": [_pick(mark, _MARK) for mark in _bounded(marks, MAX_MARKS)]}


def records_data(*, term_id: int, records: Sequence[Mapping[str, Any]]) -> Data:
    """Build the data of grading.merit.recorded and grading.score.recorded: at most 500 records of one term."""
    return {"term_id": term_id, "records": [_whole(row, "id", "cadet_id") for row in _bounded(records, MAX_MARKS)]}


def grades_changed_data(*, term_id: int, rows: Sequence[Mapping[str, Any]] | Fragment) -> Data:
    """Build the data of grading.grades.changed: at most 100 gradebook rows as the API answers them.

    Rows that PostgreSQL has made JSON are taken as they are: to read and write them again would cost more than all the rest.
    """
    if isinstance(rows, Fragment):
        return {"term_id": term_id, "rows": rows}
    return {"term_id": term_id, "rows": [_whole(row, "cadet_id", "version") for row in _bounded(rows, MAX_ROWS)]}


def notification_created_data(*, user_id: int, id: Any, message: str, priority: str, timestamp: datetime, **more: Any) -> Data:
    """Build the data of messaging.notification.created (criterion 26.2); `more` may add kind and data."""
    own = {"id": id, "user_id": user_id, "message": message, "priority": priority, "timestamp": timestamp}
    return _plain({**more, **own})


def job_progressed_data(*, job_id: Any, user_id: int, status: str, progress: int, result: Any = None, error: Any = None) -> Data:
    """Build the data of ops.job.progressed; `progress` in percent."""
    return _plain(
        {"job_id": job_id, "user_id": user_id, "status": status, "progress": progress, "result": result, "error": error}
    )


def _to_staff_and_own(key: str) -> Callable[[Data], list[Delivery]]:
    def deliver(data: Data) -> list[Delivery]:
        own: dict[int, list[Data]] = {}
        for row in data[key]:
            own.setdefault(row["cadet_id"], []).append(row)
        rest = {name: value for name, value in data.items() if name != key}
        return [Delivery(STAFF_CHANNEL, data)] + [
            Delivery(cadet_channel(cadet), {**rest, key: rows}) for cadet, rows in own.items()
        ]

    return deliver


def _cadet(data: Data) -> list[Delivery]:
    return [Delivery(STAFF_CHANNEL, data), Delivery(cadet_channel(data["cadet"]["id"]), data)]


def _cadets(data: Data) -> list[Delivery]:
    mine = [Delivery(cadet_channel(row["id"]), {"cadets": [row]}) for row in data["cadets"]]
    return [Delivery(STAFF_CHANNEL, data), *mine]


def _staff(data: Data) -> list[Delivery]:
    return [Delivery(STAFF_CHANNEL, data)]


def _everyone(data: Data) -> list[Delivery]:
    return [Delivery(EVERYONE_CHANNEL, data)]


def _user(data: Data) -> list[Delivery]:
    return [Delivery(user_channel(data["user_id"]), data)]


def _nobody(_data: Data) -> list[Delivery]:
    return []


def _sessions(data: Data) -> list[Delivery]:
    return [Delivery(session_channel(session), {}) for session in data["session_ids"]]


@dataclass(frozen=True)
class EventType:
    """One kind of event: the builder of its data and the rule of who receives it."""

    build: Callable[..., Data]
    deliver: Callable[[Data], list[Delivery]]


EVENT_TYPES: Mapping[str, EventType] = {
    **dict.fromkeys((CADET_CREATED, CADET_UPDATED, CADET_ARCHIVED, CADET_RESTORED), EventType(cadet_data, _cadet)),
    CADETS_IMPORTED: EventType(cadets_imported_data, _cadets),
    **dict.fromkeys((STAFF_CREATED, STAFF_UPDATED, STAFF_ARCHIVED, STAFF_RESTORED), EventType(staff_data, _staff)),
    ACCOUNT_CREATED: EventType(account_created_data, _nobody),
    SESSION_REVOKED: EventType(session_revoked_data, _sessions),
    **dict.fromkeys((TERM_CREATED, TERM_UPDATED), EventType(term_data, _everyone)),
    **dict.fromkeys(
        (TRAINING_DAY_CREATED, TRAINING_DAY_UPDATED, TRAINING_DAY_CANCELLED), EventType(training_day_data, _everyone)
    ),
    ATTENDANCE_MARKED: EventType(attendance_marked_data, _to_staff_and_own("marks")),
    MERIT_RECORDED: EventType(records_data, _to_staff_and_own("records")),
    SCORE_RECORDED: EventType(records_data, _to_staff_and_own("records")),
    GRADES_CHANGED: EventType(grades_changed_data, _to_staff_and_own("rows")),
    NOTIFICATION_CREATED: EventType(notification_created_data, _user),
    JOB_PROGRESSED: EventType(job_progressed_data, _user),
}


def channels_for(event: Mapping[str, Any]) -> list[Delivery]:
    """Return what each channel receives of `event`; nothing for a type this release does not know.

    Fails closed: an unknown type reaches nobody. A person's channels are disjoint, so nobody receives an event twice.
    """
    kind = EVENT_TYPES.get(event["type"])
    return kind.deliver(event["data"]) if kind else []
