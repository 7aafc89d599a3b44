"""The list shape around any row, and the parameters that lists share."""

from __future__ import annotations

from functools import cache

from marshmallow import fields

from libs.web.schemas import Id, PageArgs, Schema


@cache
def list_of(row: type[Schema]) -> type[Schema]:
    """Return the schema of a page of `row`."""
    shape = {
        "data": fields.List(fields.Nested(row), required=True),
        "page": fields.Integer(required=True),
        "limit": fields.Integer(required=True),
        "total": fields.Integer(required=True),
        "next_cursor": fields.String(required=True, allow_none=True),
    }
    return Schema.from_dict(shape, name=f"{row.__name__.removesuffix('Schema')}List")


class TermPageArgs(PageArgs):
    """A page, of one term or of all."""

    term_id = Id(strict=False, load_default=None)


class TermCadetPageArgs(TermPageArgs):
    """A page, of one term or all, and of one cadet or all."""

    cadet_id = Id(strict=False, load_default=None)
