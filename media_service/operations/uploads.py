"""Store a file: receive it, judge it, keep its bytes, then its row, then ask for its processing."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, BinaryIO
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.dialects.postgresql import insert

from libs.contracts.tasks import PROCESS_FILE
from libs.data.db import transaction
from libs.ids import uuid7
from libs.jobs import enqueue_after_commit
from libs.web.errors import AppError, RateLimited
from media_service.adapters.staging import Staged, staged, too_large
from media_service.adapters.storage import Storage
from media_service.content_type import judge
from media_service.domain.catalogue import MEGABYTE, Kind, check_claims
from media_service.domain.names import clean_name, extension_of
from media_service.models import File
from media_service.queries.files import file_by_id, sent_since, stored_file
from media_service.store import FileStore, current_store

DAY = timedelta(days=1)

log = logging.getLogger(__name__)


def store_file(
    *,
    stream: BinaryIO,
    name: str | None,
    declared_type: str,
    owner_user_id: int,
    purpose: str,
    access: str,
    now: datetime,
    file_id: UUID | None = None,
) -> tuple[Mapping[str, Any], bool]:
    """Store the bytes of `stream` for a person; return the file's row and whether it is new.

    Args:
        stream: the bytes, read once.
        name: as given; kept in a safe form.
        declared_type: the content type the sender claims.
        owner_user_id: whose file it is.
        purpose: why it exists.
        access: `owner` or `staff`.
        now: when it was handed in.
        file_id: the caller's id; when a file has it already, that file is returned and nothing is stored.

    Raises:
        Invalid: empty. TooLarge. UnsupportedMedia: refused, or not what its name says. UpstreamDown: the store is full or down.
    """
    if file_id and (known := file_by_id(file_id)):
        return known, False
    store, new_id, clean = current_store(), file_id or uuid7(), clean_name(name)
    with staged(stream, store.staging, store.limits.max_bytes) as received:
        kind = _judged(received, clean, declared_type, store)
        # A key of its own for every try: two twins of one id never write to the same place.
        key = uuid7().hex
        store.active.put(key, received.path)
    with _undone_on_failure(store.active, key):
        inserted = _insert(
            id=new_id,
            owner_user_id=owner_user_id,
            name=clean,
            content_type=kind.content_type,
            size=received.size,
            sha256=received.sha256,
            purpose=purpose,
            access=access,
            storage=store.active.name,
            storage_key=key,
            created_at=now,
        )
    if not inserted:
        store.active.delete(key)
    return stored_file(new_id), inserted


def check_allowance(*, owner_user_id: int, now: datetime) -> None:
    """Refuse another upload of a person who has sent more than a day's worth, deleted files included.

    Raises:
        RateLimited: naming the most that is taken.
    """
    files, size = sent_since(owner_user_id, now - DAY)
    limits = current_store().limits
    if files >= limits.day_files or size >= limits.day_bytes:
        raise RateLimited(
            f"Within a day {limits.day_files} files or {limits.day_bytes // MEGABYTE} MB are taken from one account. "
            "Nothing was stored; please go on later.",
            code="quota_reached",
            retry_after=3600,
        )


def request_processing(*, file_id: UUID, owner_user_id: int) -> None:
    """Ask for the background processing of a file after the running transaction; asking again makes no second job."""
    enqueue_after_commit(
        current_store().tasks,
        PROCESS_FILE.kind,
        {"file_id": str(file_id)},
        requested_by=owner_user_id,
        job_id=uuid5(NAMESPACE_URL, f"rgms:process_file:{file_id}"),
    )


def _judged(received: Staged, name: str, declared_type: str, store: FileStore) -> Kind:
    with received.path.open("rb") as content:
        kind = judge(content, extension_of(name))
    check_claims(kind, extension_of(name), declared_type)
    if kind.is_image and received.size > store.limits.max_image_bytes:
        raise too_large(store.limits.max_image_bytes)
    return kind


def _insert(**values: Any) -> bool:
    with transaction() as session:
        statement = insert(File).values(**values).on_conflict_do_nothing(index_elements=["id"])
        inserted = session.execute(statement.returning(File.id)).first() is not None
        if inserted:
            request_processing(file_id=values["id"], owner_user_id=values["owner_user_id"])
    return inserted


@contextmanager
def _undone_on_failure(storage: Storage, key: str) -> Iterator[None]:
    """Delete the stored bytes again when their row could not be written."""
    try:
        yield
    except BaseException:
        try:
            storage.delete(key)
        except AppError:
            log.error("bytes without a row were left behind", extra={"storage": storage.name, "key": key})
        raise
