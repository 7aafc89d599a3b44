"""What happened on the drill field, made up: marks, merits, demerits and scores, each with an id that never changes.

A second telling sends the same ids, so the house stores nothing twice.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from libs.clock import MANILA

DEVICE = "demo"
MUSTER = time(7, 30)
_REASONS = {
    "merit": (
        (5, "Led the platoon in the flag ceremony"),
        (3, "Helped at the first-aid station"),
        (10, "Best in drill and ceremonies"),
    ),
    "demerit": (
        (3, "Incomplete uniform"),
        (5, "Late at formation"),
        (2, "Talking in ranks"),
        (10, "Left the area without leave"),
    ),
}


def record_id(*parts: object, at: datetime) -> str:
    """Return a UUIDv7 that depends on nothing but its arguments."""
    digest = hashlib.sha256("\0".join(map(str, parts)).encode()).digest()
    milliseconds = int(at.timestamp() * 1000)
    value = (milliseconds << 80) | int.from_bytes(digest[:10], "big")
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return str(uuid.UUID(int=value))


def marks(day: dict[str, Any], cadets: Sequence[dict[str, Any]], number: int) -> Iterator[dict[str, Any]]:
    """Yield one mark per cadet on this training day, the `number`-th of its term."""
    muster = _at(date.fromisoformat(day["date"]), MUSTER)
    for index, cadet in enumerate(cadets):
        at = muster + timedelta(seconds=4 * index)
        yield {
            "id": record_id("mark", day["id"], cadet["student_id"], at=at),
            "training_day_id": day["id"],
            "cadet_id": cadet["id"],
            "status": _status(_number(cadet), number),
            "occurred_at": at.isoformat(),
            "device_id": DEVICE,
            "device_seq": number * 1000 + index,
        }


def conduct(term: dict[str, Any], day: dict[str, Any], cadets: Sequence[dict[str, Any]], number: int) -> Iterator[dict[str, Any]]:
    """Yield the merits and demerits of one training day, for about one cadet in twelve."""
    at = _at(date.fromisoformat(day["date"]), time(10, 45))
    for cadet in cadets:
        chance = (_number(cadet) * 17 + number * 29) % 24
        kind = {0: "merit", 1: "demerit"}.get(chance)
        if kind:
            points, reason = _REASONS[kind][(_number(cadet) + number) % len(_REASONS[kind])]
            yield {
                "id": record_id(kind, day["id"], cadet["student_id"], at=at),
                "term_id": term["id"],
                "cadet_id": cadet["id"],
                "kind": kind,
                "points": points,
                "reason": reason,
                "occurred_at": at.isoformat(),
            }


def scores(term: dict[str, Any], exam: str, on: date, cadets: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield a score in this examination for each cadet."""
    at = _at(on, time(14, 0))
    for cadet in cadets:
        yield {
            "id": record_id("score", term["id"], exam, cadet["student_id"], at=at),
            "term_id": term["id"],
            "exam": exam,
            "cadet_id": cadet["id"],
            "value": 62 + (_number(cadet) * 13 + len(exam) * 5) % 37,
            "occurred_at": at.isoformat(),
        }


def _status(cadet: int, day: int) -> str:
    if cadet % 29 == 5 and day % 3:
        return "absent"
    chance = (cadet * 7 + day * 13 + cadet * day) % 40
    return "present" if chance < 33 else ("late", "late", "excused", "duty", "absent", "absent", "absent")[chance - 33]


def _number(cadet: dict[str, Any]) -> int:
    return int(cadet["student_id"].rpartition("-")[2])


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, MANILA)
