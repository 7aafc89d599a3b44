"""Staff as lists, single rows and snapshots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from libs.data.db import reading
from libs.web.lists import INSTANT, INTEGER, Filter, Key, Listing, columns_of, page_bytes
from libs.web.pagination import Page
from roster_service.domain.fields import STAFF_FIELDS, STAFF_SNAPSHOT
from roster_service.domain.names import search_words
from roster_service.models import Staff

LISTING = Listing(
    source="roster.staff t",
    id=Key("t.id", INTEGER),
    fields=columns_of("t", STAFF_FIELDS),
    sorts={
        "name": (Key("t.sort_name"),),
        "position": (Key("t.position"), Key("t.sort_name")),
        "created_at": (Key("t.created_at", INSTANT),),
    },
    default_sort="name",
)
_DETAIL = [getattr(Staff, name) for name in STAFF_FIELDS]
_SNAPSHOT = [getattr(Staff, name) for name in STAFF_SNAPSHOT]


def staff_page(args: Mapping[str, Any], page: Page) -> bytes:
    """Return a page of staff as JSON in one statement; `args` as the list's schema loads them."""
    wanted = Filter().equal(t_position=args.get("position") or None)
    archived = args.get("archived") or "false"
    if archived != "all":
        wanted.conditions.append("t.is_archived" if archived == "true" else "NOT t.is_archived")
    for number, word in enumerate(search_words(args.get("search") or "")):
        wanted.conditions.append(f"position(:word{number} IN t.sort_name) > 0")
        wanted.values[f"word{number}"] = word
    return page_bytes(LISTING, page, wanted)


def staff_detail(staff_id: int) -> dict[str, Any] | None:
    """Return one member of staff as the API shows them; None when there is none."""
    with reading() as connection:
        row = connection.execute(select(*_DETAIL).where(Staff.id == staff_id)).mappings().first()
    return dict(row) if row else None


def staff_row(staff: Staff) -> dict[str, Any]:
    """Return a member of staff just written as the API shows them."""
    return {name: getattr(staff, name) for name in STAFF_FIELDS}


def snapshot(staff: Staff) -> dict[str, Any]:
    """Return what the other services keep of a member of staff."""
    return {name: getattr(staff, name) for name in STAFF_SNAPSHOT}


def snapshot_of(staff_id: int) -> dict[str, Any] | None:
    """Return the snapshot of one member of staff, archived or not."""
    with reading() as connection:
        row = connection.execute(select(*_SNAPSHOT).where(Staff.id == staff_id)).mappings().first()
    return dict(row) if row else None


def snapshots_after(last_id: int, limit: int) -> list[dict[str, Any]]:
    """Return the snapshots of up to `limit` staff with a larger id, by id."""
    with reading() as connection:
        rows = connection.execute(select(*_SNAPSHOT).where(Staff.id > last_id).order_by(Staff.id).limit(limit)).mappings()
        return [dict(row) for row in rows]


def email_holder(email: str, other_than: int | None) -> dict[str, Any] | None:
    """Return who of the staff, other than one, has this e-mail address."""
    with reading() as connection:
        row = (
            connection.execute(
                select(Staff.id, Staff.last_name, Staff.first_name, Staff.is_archived).where(
                    func.lower(Staff.email) == func.lower(email), Staff.id != (other_than or 0)
                )
            )
            .mappings()
            .first()
        )
    return dict(row) if row else None
