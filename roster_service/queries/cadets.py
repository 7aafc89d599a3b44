"""Cadets as lists, single rows and snapshots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, bindparam, func, or_, select

from libs.contracts.student_numbers import number_digits, student_key
from libs.data.db import reading
from libs.web.lists import INSTANT, INTEGER, Filter, Key, Listing, columns_of, page_bytes
from libs.web.pagination import Page
from roster_service.domain.fields import CADET_FIELDS, CADET_SNAPSHOT, IMPORTED_FIELDS
from roster_service.domain.names import search_words
from roster_service.models import Cadet

LISTING = Listing(
    source="roster.cadet t",
    id=Key("t.id", INTEGER),
    fields=columns_of("t", CADET_FIELDS),
    sorts={
        "name": (Key("t.sort_name"),),
        "student_id": (Key("t.student_id"),),
        "company": (Key("coalesce(t.company, '')"), Key("coalesce(t.platoon, '')"), Key("t.sort_name")),
        "rank": (Key("t.rank_order", INTEGER), Key("t.sort_name")),
        "created_at": (Key("t.created_at", INSTANT),),
    },
    default_sort="name",
)
FILTERS = ("company", "platoon", "course", "year_level", "cadet_course", "status")
# A filter value that finds the cadets without one.
NONE = "none"
# Built once: putting a statement of thirty columns together costs more than running it.
_DETAIL = select(*(getattr(Cadet, name) for name in CADET_FIELDS)).where(
    Cadet.id == bindparam("cadet_id"), Cadet.withdrawn_at.is_(None)
)
_SNAPSHOT = [*(getattr(Cadet, name) for name in CADET_SNAPSHOT), Cadet.withdrawn_at.is_not(None).label("withdrawn")]


def cadets_page(args: Mapping[str, Any], page: Page) -> bytes:
    """Return a page of cadets as JSON in one statement.

    Args:
        args: search, the filters and archived ("false", "true", "all"), as the list's schema loads them.

    Raises:
        Invalid: a foreign cursor.
    """
    wanted = Filter("t.withdrawn_at IS NULL")
    archived = args.get("archived") or "false"
    if archived != "all":
        wanted.conditions.append("t.is_archived" if archived == "true" else "NOT t.is_archived")
    for name in FILTERS:
        if args.get(name) == NONE:
            wanted.conditions.append(f"t.{name} IS NULL")
        else:
            wanted.equal(**{f"t_{name}": args.get(name) or None})
    for number, word in enumerate(search_words(args.get("search") or "")):
        found = f"t.search_text LIKE :word{number}"
        wanted.values[f"word{number}"] = f"%{_escaped(word)}%"
        if digits := number_digits(word):
            # A student number is found with and without its dash.
            found = f"({found} OR t.student_key LIKE :digits{number})"
            wanted.values[f"digits{number}"] = f"%{digits}%"
        wanted.conditions.append(found)
    return page_bytes(LISTING, page, wanted)


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def cadet_detail(cadet_id: int) -> dict[str, Any] | None:
    """Return one cadet as the API shows him, archived or not; None when nobody may see such a record."""
    with reading() as connection:
        row = connection.execute(_DETAIL, {"cadet_id": cadet_id}).mappings().first()
    return dict(row) if row else None


def cadet_row(cadet: Cadet) -> dict[str, Any]:
    """Return a cadet just written as the API shows him."""
    return {name: getattr(cadet, name) for name in CADET_FIELDS}


def snapshot(cadet: Cadet) -> dict[str, Any]:
    """Return what the other services keep of a cadet; a withdrawn record is archived to them, and says why."""
    return {**{name: getattr(cadet, name) for name in CADET_SNAPSHOT}, "withdrawn": cadet.withdrawn_at is not None}


def snapshot_of(cadet_id: int) -> dict[str, Any] | None:
    """Return the snapshot of one cadet, archived and withdrawn ones included."""
    with reading() as connection:
        row = connection.execute(select(*_SNAPSHOT).where(Cadet.id == cadet_id)).mappings().first()
    return dict(row) if row else None


def snapshots_of(cadet_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Return the snapshots of those of these cadets that exist, by id."""
    with reading() as connection:
        rows = connection.execute(select(*_SNAPSHOT).where(Cadet.id.in_(cadet_ids)).order_by(Cadet.id)).mappings()
        return [dict(row) for row in rows]


def snapshots_after(last_id: int, limit: int) -> list[dict[str, Any]]:
    """Return the snapshots of up to `limit` cadets with a larger id, by id."""
    with reading() as connection:
        rows = connection.execute(select(*_SNAPSHOT).where(Cadet.id > last_id).order_by(Cadet.id).limit(limit)).mappings()
        return [dict(row) for row in rows]


def cadets_with_id_or_username(*, student_id: str | None, username: str | None, other_than: int | None) -> Sequence[RowMapping]:
    """Return the cadets other than one who hold a student id, however its number is written, or a user name in any case."""
    taken: list[ColumnElement[bool]] = []
    if student_id:
        taken.append(Cadet.student_key == student_key(student_id))
    if username:
        taken.append(func.lower(Cadet.username) == func.lower(username))
    if not taken:
        return []
    columns = (
        Cadet.id, Cadet.student_id, Cadet.student_key, Cadet.username, Cadet.last_name, Cadet.first_name, Cadet.is_archived,
    )  # fmt: skip
    with reading() as connection:
        query = select(*columns).where(or_(*taken), Cadet.withdrawn_at.is_(None), Cadet.id != (other_than or 0))
        return connection.execute(query.order_by(Cadet.id)).mappings().all()


def withdrawn_ids(student_id: str) -> list[int]:
    """Return the ids of the withdrawn records of a student id, the newest first."""
    with reading() as connection:
        query = select(Cadet.id).where(Cadet.student_key == student_key(student_id), Cadet.withdrawn_at.is_not(None))
        return list(connection.execute(query.order_by(Cadet.id.desc())).scalars())


def roster_for_import() -> list[dict[str, Any]]:
    """Return every cadet with the fields an import may set, for the plan; dates as ISO text."""
    columns = [getattr(Cadet, name) for name in IMPORTED_FIELDS]
    with reading() as connection:
        rows = connection.execute(
            select(Cadet.id, *columns, Cadet.is_archived, Cadet.withdrawn_at.is_not(None).label("withdrawn")).order_by(Cadet.id)
        ).mappings()
        return [{**row, "birthdate": row["birthdate"].isoformat() if row["birthdate"] else None} for row in rows]
