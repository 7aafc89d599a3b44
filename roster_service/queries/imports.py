"""Roster imports as lists and single previews."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from libs.data.db import reading
from libs.web.pagination import Page
from roster_service.models import CadetImport
from roster_service.queries.listing import Listing, page_bytes

_FIELDS = (
    "id", "status", "filename", "summary", "warnings", "created_by", "created_at", "applied_by", "applied_at", "undone_by",
    "undone_at",
)  # fmt: skip
LISTING = Listing(
    table="roster.cadet_import",
    fields=_FIELDS,
    sorts={"created_at": ("to_char(t.created_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS')",)},
    default_sort="-created_at",
)


def imports_page(args: Mapping[str, Any], page: Page) -> bytes:
    """Return a page of imports without their rows, newest first, as JSON in one statement."""
    conditions, values = [], {}
    if args.get("status"):
        conditions.append("t.status = :status")
        values["status"] = args["status"]
    return page_bytes(LISTING, page, conditions=conditions, values=values, sort=args.get("sort"), fields=args.get("fields_"))


def import_detail(import_id: int) -> dict[str, Any] | None:
    """Return one import with the rows of its preview; None when there is none."""
    columns = [getattr(CadetImport, name) for name in (*_FIELDS, "rows")]
    with reading() as connection:
        row = connection.execute(select(*columns).where(CadetImport.id == import_id)).mappings().first()
    return dict(row) if row else None


def import_row(found: CadetImport) -> dict[str, Any]:
    """Return an import just written as the API shows it, without its rows."""
    return {name: getattr(found, name) for name in _FIELDS}
