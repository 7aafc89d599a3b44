"""Roster imports as lists and single previews."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from libs.data.db import reading
from libs.web.lists import INSTANT, INTEGER, Filter, Key, Listing, columns_of, page_bytes
from libs.web.pagination import Page
from roster_service.models import CadetImport

_FIELDS = (
    "id", "status", "filename", "summary", "warnings", "created_by", "created_at", "applied_by", "applied_at", "undone_by",
    "undone_at", "kept",
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
    """Return one import with the rows of its preview; None when there is none."""
    columns = [getattr(CadetImport, name) for name in (*_FIELDS, "rows", "decisions")]
    with reading() as connection:
        row = connection.execute(select(*columns).where(CadetImport.id == import_id)).mappings().first()
    return dict(row) if row else None


def import_row(found: CadetImport) -> dict[str, Any]:
    """Return an import just written as the API shows it, without its rows."""
    return {name: getattr(found, name) for name in _FIELDS}
