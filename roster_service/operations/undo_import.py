"""Undoing a roster import."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from libs.contracts.principal import Principal
from libs.data.db import transaction
from libs.web.errors import Conflict
from roster_service.access import lock_import
from roster_service.domain.imports.images import RESTORED_FIELDS, changed_fields, image_of
from roster_service.domain.names import display_name
from roster_service.models import Cadet, CadetImport
from roster_service.operations.events import tell_cadets
from roster_service.queries import imports


def undo_import(*, principal: Principal, import_id: int, now: datetime) -> dict[str, Any]:
    """Restore what an import changed and withdraw what it created, all or nothing; a second call answers the same.

    Raises:
        NotFound
        Conflict: import_not_applied; or import_changed_since, naming each cadet changed since and what changed.
    """
    with transaction() as session:
        found = lock_import(session, import_id)
        if found.status == "preview":
            raise Conflict("This import was not applied; there is nothing to undo.", code="import_not_applied")
        if found.status == "applied":
            _restore(session, found, now)
            found.status, found.undone_by, found.undone_at = "undone", principal.user_id, now
        removed = sum(image["created"] for image in found.images)
        return {**imports.import_row(found), "removed": removed, "restored": len(found.images) - removed, "refused": []}


def _restore(session: Session, found: CadetImport, now: datetime) -> None:
    images = {image["cadet_id"]: image for image in found.images}
    concerned = list(session.scalars(select(Cadet).where(Cadet.id.in_(images)).order_by(Cadet.id).with_for_update()))
    _refuse_changed(concerned, images)
    for cadet in concerned:
        before = images[cadet.id]["before"]
        if before is None:
            cadet.is_archived, cadet.withdrawn_at = True, now
        else:
            _put_back(cadet, before)
        cadet.version += 1
        cadet.updated_at = now
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(
            "A student id or user name of before the import belongs to another cadet now. Nothing was undone.",
            code="import_changed_since",
            details={"refused": []},
        ) from error
    if concerned:
        tell_cadets(session, concerned, now)


def _put_back(cadet: Cadet, before: dict[str, Any]) -> None:
    for name in RESTORED_FIELDS:
        value = before[name]
        setattr(cadet, name, date.fromisoformat(value) if name == "birthdate" and value else value)


def _refuse_changed(concerned: list[Cadet], images: dict[int, dict[str, Any]]) -> None:
    refused = []
    for cadet in concerned:
        image = images[cadet.id]
        if cadet.version == image["version"]:
            continue
        changed = changed_fields(image["after"], image_of(cadet))
        what = ", ".join(changed) if changed else "the record was saved again"
        refused.append(
            {
                "cadet_id": cadet.id,
                "student_id": cadet.student_id,
                "name": display_name(cadet.last_name, cadet.first_name),
                "reason": f"Changed since the import: {what}.",
                "changed": changed,
            }
        )
    if refused:
        raise Conflict(
            f"{len(refused)} of the imported cadets changed since. Nothing was undone.",
            code="import_changed_since",
            details={"refused": refused},
        )
