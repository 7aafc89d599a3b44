"""Roster imports as lists and single previews."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Text, cast, func, select, text
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH

from libs.data.db import reading
from libs.web.jsonio import written
from libs.web.lists import INSTANT, INTEGER, Filter, Key, Listing, columns_of, page_bytes
from libs.web.pagination import Page
from roster_service.domain.imports.plan import REFUSED
from roster_service.models import CadetImport

_FIELDS = (
    "id", "status", "filename", "summary", "warnings", "layout", "revision", "created_by", "created_at", "applied_by",
    "applied_at", "undone_by", "undone_at", "kept",
)  # fmt: skip
LISTING = Listing(
    source="roster.cadet_import t",
    id=Key("t.id", INTEGER),
    fields=columns_of("t", _FIELDS),
    sorts={"created_at": (Key("t.created_at", INSTANT),), "filename": (Key("lower(t.filename)"),), "status": (Key("t.status"),)},
    default_sort="-created_at",
    instants=("created_at", "applied_at", "undone_at"),
)


def imports_page(args: Mapping[str, Any], page: Page) -> bytes:
    """Return a page of imports without their rows, newest first, as JSON in one statement."""
    return page_bytes(LISTING, page, Filter().equal(t_status=args.get("status") or None))


def import_detail(import_id: int) -> dict[str, Any] | None:
    """Return one import with the rows of its preview, as they are written in JSON; None when there is none."""
    found = _one(import_id, *_columns(*_FIELDS, "corrections", "decisions"), cast(CadetImport.rows, Text).label("rows"))
    return {**found, "rows": written(found["rows"].encode())} if found else None


def import_with_file(import_id: int) -> dict[str, Any] | None:
    """Return the refused rows of one import and the file they were read from; None when there is none."""
    path = " || ".join(f'@.action == "{action}"' for action in REFUSED)
    refused = func.jsonb_path_query_array(CadetImport.rows, cast(f"$[*] ? ({path})", JSONPATH), type_=JSONB).label("rows")
    return _one(import_id, *_columns("id", "corrections", "parsed"), refused)


def _columns(*names: str) -> list[Any]:
    return [getattr(CadetImport, name) for name in names]


def _one(import_id: int, *columns: Any) -> dict[str, Any] | None:
    with reading() as connection:
        row = connection.execute(select(*columns).where(CadetImport.id == import_id)).mappings().first()
    return dict(row) if row else None


def count_previews(user_id: int) -> int:
    """Return how many previews of an account wait to be applied."""
    waiting = select(func.count()).where(CadetImport.created_by == user_id, CadetImport.status == "preview")
    with reading() as connection:
        return connection.execute(waiting).scalar_one()


def import_row(found: CadetImport) -> dict[str, Any]:
    """Return an import just written as the API shows it, without its rows."""
    return {name: getattr(found, name) for name in _FIELDS}


def withdrawn_by(import_id: int) -> list[int]:
    """Return the cadets that an import made and its undo withdrew, and who sleep still."""
    made = text(
        """SELECT c.id FROM roster.cadet_import i CROSS JOIN LATERAL jsonb_array_elements(i.images) image
            JOIN roster.cadet c ON c.id = CAST(image ->> 'cadet_id' AS integer)
            WHERE i.id = :id AND i.status = 'undone' AND CAST(image ->> 'created' AS boolean) AND c.withdrawn_at = i.undone_at
            ORDER BY c.id"""
    )
    with reading() as connection:
        return list(connection.execute(made, {"id": import_id}).scalars())
