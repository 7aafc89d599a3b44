"""The only doors from an id to a file. What a person may not see is not found."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app

from libs.contracts.principal import Principal
from libs.web.auth import ended_in_redis
from libs.web.errors import Forbidden, NotFound
from media_service.domain.permissions import may_change, may_read
from media_service.links import check_link
from media_service.queries.files import file_by_id


def access_file(principal: Principal, file_id: UUID) -> Mapping[str, Any]:
    """Return the row of a file that `principal` may see.

    Raises:
        NotFound: no such file, deleted, or not for this person.
    """
    row = _present(file_id)
    if not may_read(principal, row["owner_user_id"], row["access"]):
        raise NotFound()
    return row


def access_own_file(principal: Principal, file_id: UUID) -> Mapping[str, Any]:
    """Return the row, deleted or not, of a file that `principal` may delete or restore.

    Raises:
        NotFound: no such file, or not this person's.
    """
    row = file_by_id(file_id)
    if row is None or not may_change(principal, row["owner_user_id"]):
        raise NotFound()
    return row


def access_download(principal: Principal, file_id: UUID) -> Mapping[str, Any]:
    """Return the row of a file whose bytes a person may have.

    Raises:
        NotFound: no such file, deleted, or not for this person.
    """
    if not principal.may("files.own"):
        raise NotFound()
    return access_file(principal, file_id)


def access_link(file_id: UUID, signature: str, *, now: datetime) -> Mapping[str, Any]:
    """Return the row of a file whose bytes a signed link gives to whoever has it.

    Raises:
        Forbidden: a link that is forged, expired, for another file, or of a session that has ended.
        NotFound: no such file, or deleted.
    """
    session_id = check_link(current_app.config["RGMS"], file_id, signature, now)
    if session_id and ended_in_redis(session_id):
        raise Forbidden("This download link ended with the sign-in that asked for it.", code="link_expired")
    return _present(file_id)


def _present(file_id: UUID) -> Mapping[str, Any]:
    row = file_by_id(file_id)
    if row is None or row["deleted_at"] is not None:
        raise NotFound()
    return row
