"""Delete, restore and process files that are stored already."""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update

from libs.contracts.principal import Principal
from libs.data.db import transaction
from libs.web.errors import NotFound
from media_service.access import access_own_file
from media_service.domain import images
from media_service.models import File
from media_service.operations.uploads import request_processing
from media_service.queries.files import file_by_id, files_awaiting_processing, stored_file
from media_service.store import current_store

# A file younger than this is most likely being processed right now.
AGE_BEFORE_ASKING_AGAIN = timedelta(minutes=1)
IN_MEMORY = 1024 * 1024

log = logging.getLogger(__name__)


def delete_file(*, principal: Principal, file_id: UUID, now: datetime) -> None:
    """Hide a file; its bytes stay, so that this can be undone. Deleting twice changes nothing.

    Raises:
        NotFound: no such file, or not this person's.
    """
    access_own_file(principal, file_id)
    with transaction() as session:
        session.execute(update(File).where(File.id == file_id, File.deleted_at.is_(None)).values(deleted_at=now))


def restore_file(*, principal: Principal, file_id: UUID) -> Mapping[str, Any]:
    """Take back a deletion and return the file's row.

    Raises:
        NotFound: no such file, or not this person's.
    """
    access_own_file(principal, file_id)
    with transaction() as session:
        session.execute(update(File).where(File.id == file_id).values(deleted_at=None))
    return stored_file(file_id)


def process_file(*, file_id: UUID, now: datetime) -> Mapping[str, Any]:
    """Read the stored bytes back, compare them with the checksum, note an image's size in pixels; return the row.

    Raises:
        NotFound: no such file. UpstreamDown: the store does not answer.
    """
    row = file_by_id(file_id)
    if row is None or row["deleted_at"] is not None:
        raise NotFound()
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as copy:
        digest = hashlib.sha256()
        for chunk in read_content(row):
            digest.update(chunk)
            copy.write(chunk)
        size = images.dimensions(row["content_type"], copy) if row["content_type"].startswith("image/") else None
    intact = digest.hexdigest() == row["sha256"]
    if not intact:
        log.error("a stored file differs from its checksum", extra={"file_id": str(file_id), "storage": row["storage"]})
    width, height = size or (None, None)
    with transaction() as session:
        session.execute(
            update(File).where(File.id == file_id).values(intact=intact, width=width, height=height, processed_at=now)
        )
    return stored_file(file_id)


def ask_again_for_processing(*, now: datetime) -> int:
    """Ask for the processing of every file still waiting for it (the tasks service was down, say); return how many."""
    waiting = files_awaiting_processing(now - AGE_BEFORE_ASKING_AGAIN)
    with transaction():
        for row in waiting:
            request_processing(file_id=row["id"], owner_user_id=row["owner_user_id"])
    return len(waiting)


def read_content(row: Mapping[str, Any]) -> Iterator[bytes]:
    """Return the bytes of a file from the adapter that holds it.

    Raises:
        NotFound: the bytes are gone. UpstreamDown: the store does not answer, or is not configured any more.
    """
    return current_store().adapter(row["storage"]).read(row["storage_key"])
