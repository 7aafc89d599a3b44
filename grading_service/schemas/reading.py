"""The items of a batch read by hand, each by itself: marshmallow takes 5 ms for a hundred, this half a millisecond."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from marshmallow import ValidationError

from grading_service.domain.facts import NewRecord, Rejected
from grading_service.domain.records import ATTENDANCE, MARKS, MAX_POINTS, POINT_KINDS, SCORE, VOID
from grading_service.schemas.facts import MAX_SEQUENCE
from libs.web.schemas import MAX_ID, clean_text, exact, parse_instant

MAX_SCORE = Decimal(99_999)

Items = Sequence[Any]
Read = Callable[[Mapping[str, Any], int], NewRecord]


class ItemError(Exception):
    """Why one item is refused: (code, message)."""


def read_marks(items: Items, actor_id: int) -> tuple[list[tuple[int, NewRecord]], list[Rejected]]:
    """Return (place, mark) of the readable items, and the others refused."""
    return _read(items, _mark, actor_id)


def read_points(items: Items, actor_id: int) -> tuple[list[tuple[int, NewRecord]], list[Rejected]]:
    """Return (place, merit or demerit) of the readable items, and the others refused."""
    return _read(items, _points, actor_id)


def read_scores(items: Items, actor_id: int) -> tuple[list[tuple[int, NewRecord]], list[Rejected]]:
    """Return (place, score) of the readable items, and the others refused."""
    return _read(items, _score, actor_id)


def void_fact(args: Mapping[str, Any], actor_id: int) -> NewRecord:
    """Return the fact of loaded `VoidFields`; whom it is about is known from its target."""
    said = {name: value for name, value in args.items() if name != "actor"}
    return NewRecord(**{**said, "id": str(said["id"])}, kind=VOID, cadet_id=0, actor_id=actor_id)


def _read(items: Items, read: Read, actor_id: int) -> tuple[list[tuple[int, NewRecord]], list[Rejected]]:
    facts: list[tuple[int, NewRecord]] = []
    refused: list[Rejected] = []
    for index, item in enumerate(items):
        try:
            if not isinstance(item, Mapping):
                raise ItemError("invalid", "An item must be an object.")
            facts.append((index, read(item, actor_id)))
        except ItemError as error:
            code, message = error.args
            refused.append(Rejected(_shown_id(item), index, code, message))
    return facts, refused


def _mark(item: Mapping[str, Any], actor_id: int) -> NewRecord:
    status = item.get("status")
    if not isinstance(status, str) or status not in MARKS:
        raise ItemError("unknown_status", f"status must be one of {', '.join(MARKS)}.")
    common = _common(item, actor_id) | _seen(item)
    return NewRecord(kind=ATTENDANCE, training_day_id=_id(item, "training_day_id"), status=status, **common)


def _points(item: Mapping[str, Any], actor_id: int) -> NewRecord:
    kind, points = item.get("kind"), item.get("points")
    if not isinstance(kind, str) or kind not in POINT_KINDS:
        raise ItemError("unknown_kind", "kind must be merit or demerit.")
    if type(points) is not int or not 1 <= points <= MAX_POINTS:
        raise ItemError("points_out_of_range", f"points must be a whole number from 1 to {MAX_POINTS}.")
    common = _common(item, actor_id)
    if not common["reason"]:
        raise ItemError("invalid", "reason: say why, so that the cadet can read it.")
    return NewRecord(kind=kind, term_id=_id(item, "term_id"), points=points, **common)


def _score(item: Mapping[str, Any], actor_id: int) -> NewRecord:
    if "value" not in item:
        raise ItemError("invalid", "value: this is missing; null takes a score back.")
    seen = _seen(item)
    if "based_on_value" in item and not seen:
        seen = {"saw": True, "saw_value": _value(item, "based_on_value")}
    exam = _text(item, "exam", 40, low=1)
    term_id = _id(item, "term_id")
    return NewRecord(kind=SCORE, term_id=term_id, exam=exam, value=_value(item, "value"), **_common(item, actor_id), **seen)


def _value(item: Mapping[str, Any], name: str) -> Decimal | None:
    if item[name] is None:
        return None
    try:
        # Two places always, so that 85 and 85.00 are the same content of the same record.
        return exact(item[name], places=2, low=Decimal(0), high=MAX_SCORE).quantize(Decimal("0.01"))
    except ValidationError as error:
        raise ItemError("score_out_of_range", f"{name}: {error.messages[0]}") from None


def _seen(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the writer says of what they had before them; empty when they say nothing."""
    supersedes = item.get("supersedes")
    if supersedes is None and "based_on" not in item:
        return {}
    based_on = item.get("based_on")
    seen = {
        "supersedes": None if supersedes is None else _uuid(supersedes, "supersedes"),
        "based_on": None if based_on is None else _uuid(based_on, "based_on"),
        "saw": True,
    }
    if _uuid(item.get("id")) in seen.values():
        raise ItemError("invalid", "supersedes, based_on: a record cannot follow itself.")
    return seen


def _common(item: Mapping[str, Any], actor_id: int) -> dict[str, Any]:
    try:
        occurred_at = parse_instant(item.get("occurred_at"))
    except ValidationError as error:
        raise ItemError("invalid", f"occurred_at: {error.messages[0]}") from None
    sequence = item.get("device_seq", 0)
    if type(sequence) is not int or not 0 <= sequence <= MAX_SEQUENCE:
        raise ItemError("invalid", "device_seq: must be a whole number, counting up on the device.")
    return {
        "id": _uuid(item.get("id")),
        "cadet_id": _id(item, "cadet_id"),
        "occurred_at": occurred_at,
        "reason": _text(item, "reason", 500),
        "device_id": _text(item, "device_id", 64),
        "device_seq": sequence,
        "actor_id": actor_id,
    }


def _uuid(value: Any, name: str = "id") -> str:
    try:
        if isinstance(value, str) and len(value) == 36:
            return str(UUID(value))
    except ValueError:
        pass
    raise ItemError("invalid", f"{name}: must be a UUID.")


def _id(item: Mapping[str, Any], name: str) -> int:
    value = item.get(name)
    if type(value) is not int or not 1 <= value <= MAX_ID:
        raise ItemError("invalid", f"{name}: must be a whole number above zero.")
    return value


def _text(item: Mapping[str, Any], name: str, high: int, *, low: int = 0) -> str:
    value = item.get(name)
    if value is None and not low:
        return ""
    if not isinstance(value, str):
        raise ItemError("invalid", f"{name}: must be text.")
    try:
        value = clean_text(value)
    except ValidationError as error:
        raise ItemError("invalid", f"{name}: {error.messages[0]}") from None
    if not low <= len(value) <= high:
        raise ItemError("invalid", f"{name}: must have {low} to {high} characters.")
    return value


def _shown_id(item: Any) -> str | None:
    """Return what the item called itself, as far as it can be shown."""
    value = item.get("id") if isinstance(item, Mapping) else None
    return value[:64] if isinstance(value, str) and value.isprintable() else None
