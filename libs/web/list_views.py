"""The HTTP side of a list: its parameters and its answer, derived from the one `Listing` that also makes its SQL."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, cast

from flask_smorest import Blueprint
from marshmallow import ValidationError, fields, validate

from libs.web.lists import Listing
from libs.web.schemas import PageArgs, Schema, Text

View = Callable[..., Any]


def listed(blueprint: Blueprint, listing: Listing, args: type[PageArgs], row: type[Schema]) -> Callable[[View], View]:
    """Decorate the view of a list, which is handed the loaded arguments first; it stands below the route, like `arguments`.

    Args:
        listing: what the list shows and sorts by.
        args: its filters; paging, sort and fields come with the listing.
        row: a row as answered.

    Raises:
        TypeError: row and listing do not show the same fields.
    """
    shown = {field.data_key or name for name, field in row().fields.items()}
    if shown != set(listing.fields):
        raise TypeError(f"{row.__name__} and its listing differ in {sorted(shown ^ set(listing.fields))}")
    asked = _args_of(listing, args)

    def decorate(view: View) -> View:
        # Found by ServiceApi: clients want the type of a whole row, also where a list alone answers it.
        view.rgms_row = row  # type: ignore[attr-defined]
        return blueprint.arguments(asked, location="query")(blueprint.response(200, list_of(row))(view))

    return decorate


@cache
def list_of(row: type[Schema]) -> type[Schema]:
    """Return the schema of a page of `row`; what `fields` leaves out is not there."""
    name = row.__name__.removesuffix("Schema")
    _id, *others = row().fields
    sparse = type(f"{name}ListRow", (row,), {"__doc__": row.__doc__})
    shape: dict[str, Any] = {
        "data": fields.List(fields.Nested(sparse(partial=tuple(others))), required=True),
        "page": fields.Integer(required=True),
        "limit": fields.Integer(required=True),
        "total": fields.Integer(required=True, metadata={"description": "rows of all pages"}),
        "next_cursor": fields.String(
            required=True, allow_none=True, metadata={"description": "send it as `cursor` for what follows; null at the end"}
        ),
    }
    return cast(type[Schema], Schema.from_dict(shape, name=f"{name}List"))


class SparseFields(Text):
    """Comma-separated names of the fields to show.

    Args:
        names: those there are; the first is always shown.
    """

    def __init__(self, names: tuple[str, ...], **kwargs: Any):
        one = f"({'|'.join(names)})"
        told = {
            "description": f"comma-separated: {', '.join(names)}; {names[0]} is always there",
            "x-fields": list(names),
            "pattern": f"^{one}(,{one})*$",
        }
        super().__init__(2_000, data_key="fields", load_default=None, metadata=told, **kwargs)
        self.names = names

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        value = super()._deserialize(value, attr, data, **kwargs)
        if not value:
            return None
        wanted = tuple(name.strip() for name in value.split(","))
        if unknown := [name for name in wanted if name not in self.names]:
            raise ValidationError(f"Unknown: {', '.join(unknown)[:200]}. Must be of {', '.join(self.names)}.")
        return wanted


def _args_of(listing: Listing, args: type[PageArgs]) -> type[PageArgs]:
    names = [sign + name for name in listing.sorts for sign in ("", "-")]
    own = {
        "sort": fields.String(
            load_default=listing.default_sort,
            validate=validate.OneOf(names, error="Must be one of {choices}."),
            metadata={"description": "a dash before the name sorts downwards; rows without the value stand last"},
        ),
        "fields_": SparseFields(tuple(listing.fields)),
    }
    return type(args.__name__, (args,), own)
