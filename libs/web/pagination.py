"""The part of a list that is asked for, the one list shape around it, and opaque cursors."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from libs.web.errors import Invalid
from libs.web.jsonio import dumps
from libs.web.schemas import MAX_PAGE_SIZE

DEFAULT_SIZE, MAX_SIZE = 20, MAX_PAGE_SIZE


@dataclass(frozen=True)
class Page:
    """Which part of a list is asked for, in which order, with which fields.

    Attributes:
        page: counted from 1; without effect beside a cursor.
        limit: the most rows.
        cursor: what an earlier page named as `next_cursor`, decoded.
        sort: a sort name of the list, with a dash before it for downwards; None is the list's own.
        fields: the fields to show; None is all.
    """

    page: int = 1
    limit: int = DEFAULT_SIZE
    cursor: tuple | None = None
    sort: str | None = None
    fields: tuple[str, ...] | None = None

    @property
    def offset(self) -> int:
        """How many rows come before this page; zero when a cursor is used."""
        return 0 if self.cursor is not None else (self.page - 1) * self.limit


def page_of(args: Mapping[str, Any]) -> Page:
    """Return the page named by loaded `PageArgs`.

    Raises:
        Invalid: the cursor is not one of ours.
    """
    cursor = args.get("cursor")
    return Page(
        args.get("page", 1),
        min(args.get("page_size", DEFAULT_SIZE), MAX_SIZE),
        decode_cursor(cursor) if cursor else None,
        args.get("sort"),
        args.get("fields_"),
    )


def list_bytes(rows_json: bytes | str, page: Page, total: int, next_cursor: str | None) -> bytes:
    """Return the one list shape as JSON around rows that PostgreSQL already made JSON."""
    head = rows_json.encode() if isinstance(rows_json, str) else rows_json
    tail = dumps({"page": page.page, "limit": page.limit, "total": total, "next_cursor": next_cursor})
    return b'{"data":' + head + b"," + tail[1:]


def foreign_cursor() -> Invalid:
    """Return the error about a cursor that this list did not give out."""
    return Invalid(details={"cursor": ["Not a cursor of this list in this order."]})


def encode_cursor(values: Sequence[Any]) -> str:
    """Return an opaque cursor for the sort values of the last row."""
    return base64.urlsafe_b64encode(dumps(list(values))).decode().rstrip("=")


def decode_cursor(cursor: str) -> tuple:
    """Return the sort values of a cursor.

    Raises:
        Invalid: it is not one that `encode_cursor` made.
    """
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise foreign_cursor() from error
    if not isinstance(values, list) or not all(value is None or isinstance(value, (str, int, float)) for value in values):
        raise foreign_cursor()
    if any(isinstance(value, str) and "\x00" in value for value in values):
        raise foreign_cursor()
    return tuple(values)
