"""Idempotency-Key: a second identical write changes nothing and returns the first answer.

The key and the answer are stored in the transaction of the write itself, so neither can exist without the other.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response, current_app, request
from sqlalchemy import BigInteger, DateTime, LargeBinary, String, Table, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import FileStorage

from libs import clock
from libs.data.db import table_of, transaction
from libs.data.outside import do_with_answers
from libs.web.auth import current_principal
from libs.web.errors import Invalid
from libs.web.jsonio import dumps

HEADER = "Idempotency-Key"
_PIECE = 256 * 1024


class IdempotencyMixin:
    """Columns of `<schema>.idempotency_key`; each service declares its own model with this mixin."""

    __tablename__ = "idempotency_key"

    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


def register(app, model: type) -> None:
    """Name the model of this service's idempotency table."""
    app.extensions["rgms_idempotency"] = table_of(model)


def idempotent(view: Callable) -> Callable:
    """Decorate a write so that an Idempotency-Key makes it repeatable; it stands above `response`.

    What it is handed is what it keeps and gives out again. Below `response` that would be whatever the view returns, before the
    schema has chosen what of it may be seen: a view that gives it no response is refused.

    Raises:
        Invalid: a malformed key, or a known key with another request.
    """

    @functools.wraps(view)
    def once(*args: Any, **kwargs: Any) -> Any:
        key = request.headers.get(HEADER, "").strip()
        if not key:
            return _response_of(view, args, kwargs)
        if len(key) > 128 or not key.isascii() or not key.isprintable():
            raise Invalid(details={HEADER: ["At most 128 printable ASCII characters."]})
        table: Table = current_app.extensions["rgms_idempotency"]
        user_id = current_principal().user_id
        fingerprint = _fingerprint()
        return do_with_answers(lambda: _once(table, user_id, key, fingerprint, lambda: _response_of(view, args, kwargs)))

    return once


def _response_of(view: Callable, args: tuple, kwargs: dict[str, Any]) -> Response:
    answer = view(*args, **kwargs)
    if not isinstance(answer, Response):
        raise TypeError(f"{view.__module__}.{view.__name__}: idempotent stands above response, or the view answers a Response")
    return answer


def _once(table: Table, user_id: int, key: str, fingerprint: str, view: Callable[[], Response]) -> Response:
    with transaction() as session:
        # The lock makes a twin that arrives meanwhile wait for the first answer instead of racing it.
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:k, 0))"), {"k": f"{table.schema}:{user_id}:{key}"})
        known = session.execute(select(table).where(table.c.user_id == user_id, table.c.key == key)).mappings().first()
        if known:
            return _replay(known, fingerprint)
        response = view()
        session.execute(
            insert(table).values(
                user_id=user_id,
                key=key,
                fingerprint=fingerprint,
                status=response.status_code,
                body=response.get_data(),
                created_at=clock.now(),
            )
        )
        return response


def _fingerprint() -> str:
    digest = hashlib.sha256(f"{request.method} {request.path.rstrip('/')}\n".encode() + request.query_string)
    if request.mimetype != "multipart/form-data":
        digest.update(b"\n" + request.get_data(cache=True))
        return digest.hexdigest()
    # What is sent beside a file decides as much as what is in it.
    fields = sorted(request.form.items(multi=True))
    uploads = sorted(request.files.items(multi=True), key=lambda item: (item[0], item[1].filename or ""))
    digest.update(dumps([fields, [(name, upload.filename, _digest_of(upload)) for name, upload in uploads]]))
    return digest.hexdigest()


def _digest_of(upload: FileStorage) -> str:
    digest = hashlib.sha256()
    while piece := upload.stream.read(_PIECE):
        digest.update(piece)
    upload.stream.seek(0)
    return digest.hexdigest()


def _replay(known: Any, fingerprint: str) -> Response:
    if known["fingerprint"] != fingerprint:
        raise Invalid(
            "This Idempotency-Key was used for another request. Nothing was changed; use a new key.",
            code="idempotency_key_reused",
        )
    return Response(bytes(known["body"]), known["status"], {"Idempotent-Replay": "true"}, content_type="application/json")
