"""JSON through orjson: exact decimals as strings, instants in UTC with a Z."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import orjson
from flask import Response
from flask.json.provider import JSONProvider

_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


def _default(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "__html__"):
        return str(value.__html__())
    raise TypeError(f"{type(value).__name__} has no JSON form")


def dumps(value: Any) -> bytes:
    """Return `value` as UTF-8 JSON."""
    return orjson.dumps(value, default=_default, option=_OPTIONS)


def written(raw: bytes) -> Any:
    """Return JSON that is written already as a value that `dumps` takes over as it is; of a large one there is one copy less."""
    return orjson.Fragment(raw)


def loads(raw: bytes | str) -> Any:
    """Return the value of a JSON text; ValueError when it is none."""
    return orjson.loads(raw)


class OrjsonProvider(JSONProvider):
    """Flask's JSON provider on orjson."""

    def dumps(self, obj: Any, **_kwargs: Any) -> str:
        """Return `obj` as a JSON string."""
        return dumps(obj).decode()

    def loads(self, s: str | bytes, **_kwargs: Any) -> Any:
        """Return the value of a JSON text."""
        return loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        """Return a JSON response of one value or of keyword fields."""
        return json_response(self._prepare_response_obj(args, kwargs))


def json_response(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a response with `value` as JSON; bytes are taken as JSON already made (by PostgreSQL, say)."""
    body = value if isinstance(value, bytes) else dumps(value)
    return Response(body, status=status, headers=headers, content_type="application/json")
