"""Undoing a roster import."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from libs.contracts.principal import Principal
from libs.data.db import in_transaction, transaction
from libs.data.outside import ask_outside, do_with_answers
from libs.web.errors import Conflict
from roster_service.access import lock_import
from roster_service.domain.imports.images import RESTORED_FIELDS, changed_fields, image_of
from roster_service.domain.names import display_name
from roster_service.models import Cadet, CadetImport
from roster_service.operations.events import tell_cadets
from roster_service.queries import imports

HAS_RECORDS, HAS_ACCOUNT = "There are marks or points of this cadet.", "This cadet uses the account already."


def undo_import(*, principal: Principal, import_id: int, now: datetime) -> dict[str, Any]:
    """Restore what an import changed and withdraw what it created; a second call answers the same.

    A created cadet who has a graded fact or an account in use stays and is named in `refused`. A fact that is recorded while
    this goes on stays in grading's log under the withdrawn cadet's id, which nobody but that person ever gets again.

    Raises:
        NotFound
        Conflict: import_not_applied; or import_changed_since, naming each cadet changed since and what changed.
        UpstreamDown: grading or auth cannot say who is in use; nothing is undone.
    """

    def undo() -> dict[str, Any]:
        with transaction() as session:
            found = lock_import(session, import_id)
            if found.status == "preview":
                raise Conflict("This import was not applied; there is nothing to undo.", code="import_not_applied")
            if found.status == "applied":
                created = tuple(image["cadet_id"] for image in found.images if image["created"])
                in_use = ask_outside(("in use", created), lambda: cadets_in_use(created))
                found.kept = _restore(session, found, in_use, now)
                found.status, found.undone_by, found.undone_at = "undone", principal.user_id, now
            removed = sum(image["created"] for image in found.images) - len(found.kept)
            restored = sum(not image["created"] for image in found.images)
            return {**imports.import_row(found), "removed": removed, "restored": restored, "refused": found.kept}

    # Under an Idempotency-Key the whole request is one transaction, and asks from there.
    return undo() if in_transaction() else do_with_answers(undo)


def cadets_in_use(cadet_ids: Sequence[int]) -> dict[int, str]:
    """Return the cadets whom others know by more than their record, each with the reason, as grading and auth say.

    Raises:
        UpstreamDown
    """
    if not cadet_ids:
        return {}
    activated = current_app.extensions["roster_auth"].activated_cadets(cadet_ids)
    recorded = current_app.extensions["roster_grading"].cadets_with_records(cadet_ids)
    return {**dict.fromkeys(activated, HAS_ACCOUNT), **dict.fromkeys(recorded, HAS_RECORDS)}


def _restore(session: Session, found: CadetImport, in_use: dict[int, str], now: datetime) -> list[dict[str, Any]]:
    """Undo the import and return the cadets who stay."""
    images = {image["cadet_id"]: image for image in found.images}
    concerned = list(session.scalars(select(Cadet).where(Cadet.id.in_(images)).order_by(Cadet.id).with_for_update()))
    kept = [{**_named(cadet), "reason": in_use[cadet.id]} for cadet in concerned if cadet.id in in_use]
    concerned = [cadet for cadet in concerned if cadet.id not in in_use]
    _refuse_changed(concerned, images)
    for cadet in concerned:
        image = images[cadet.id]
        if image["before"] is not None:
            _put_back(cadet, image["before"])
        if image["created"]:
            cadet.is_archived, cadet.withdrawn_at = True, now
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
    return kept


def _put_back(cadet: Cadet, before: dict[str, Any]) -> None:
    for name in RESTORED_FIELDS:
        value = before[name]
        setattr(cadet, name, date.fromisoformat(value) if name == "birthdate" and value else value)


def _named(cadet: Cadet) -> dict[str, Any]:
    return {"cadet_id": cadet.id, "student_id": cadet.student_id, "name": display_name(cadet.last_name, cadet.first_name)}


def _refuse_changed(concerned: list[Cadet], images: dict[int, dict[str, Any]]) -> None:
    refused = []
    for cadet in concerned:
        image = images[cadet.id]
        if cadet.version == image["version"]:
            continue
        changed = changed_fields(image["after"], image_of(cadet))
        what = ", ".join(changed) if changed else "the record was saved again"
        refused.append({**_named(cadet), "reason": f"Changed since the import: {what}.", "changed": changed})
    if refused:
        raise Conflict(
            f"{len(refused)} of the imported cadets changed since. Nothing was undone.",
            code="import_changed_since",
            details={"refused": refused},
        )
