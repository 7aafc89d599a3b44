"""Undoing a roster import."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from libs.contracts.principal import Principal
from libs.data.db import in_transaction, on_commit, transaction
from libs.data.outside import ask_outside, do_with_answers
from libs.web.errors import Conflict
from roster_service.access import lock_import
from roster_service.domain.imports.images import changed_fields, image_of, kept_cadet, named, put_back
from roster_service.models import Cadet, CadetImport
from roster_service.operations.events import tell_cadets
from roster_service.operations.reinstate import HAS_RECORDS, reinstate_recorded
from roster_service.queries import imports

HAS_ACCOUNT = "This cadet uses the account already."


def undo_import(*, principal: Principal, import_id: int, now: datetime) -> dict[str, Any]:
    """Restore what an import changed and withdraw what it created; a second call answers the same.

    A created cadet who has a graded fact or an account in use stays and is named in `refused`; grading is asked once more after
    the commit, because facts are recorded meanwhile. One that comes even later stays in grading's log under the withdrawn cadet's
    id, which nobody but that person ever gets again.

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
                found.kept = _restore(session, found, in_use, principal.user_id, now)
                found.status, found.undone_by, found.undone_at = "undone", principal.user_id, now
                if created:
                    on_commit(partial(reinstate_recorded, import_id=import_id, now=now))
            return _undone(found)

    # Under an Idempotency-Key the whole request is one transaction, and asks from there.
    if in_transaction():
        return undo()
    do_with_answers(undo)
    with transaction() as session:
        return _undone(lock_import(session, import_id))


def _undone(found: CadetImport) -> dict[str, Any]:
    created = sum(image["created"] for image in found.images)
    counts = {"removed": created - len(found.kept), "restored": len(found.images) - created}
    return {**imports.import_row(found), **counts, "refused": found.kept}


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


def _restore(session: Session, found: CadetImport, in_use: dict[int, str], actor_id: int, now: datetime) -> list[dict[str, Any]]:
    """Undo the import and return the cadets who stay."""
    images = {image["cadet_id"]: image for image in found.images}
    concerned = list(session.scalars(select(Cadet).where(Cadet.id.in_(images)).order_by(Cadet.id).with_for_update()))
    kept = [kept_cadet(cadet, in_use[cadet.id]) for cadet in concerned if cadet.id in in_use]
    concerned = [cadet for cadet in concerned if cadet.id not in in_use]
    _refuse_changed(concerned, images)
    for cadet in concerned:
        image = images[cadet.id]
        if image["before"] is not None:
            put_back(cadet, image["before"])
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
        tell_cadets(session, concerned, now, actor_id)
    return kept


def _refuse_changed(concerned: list[Cadet], images: dict[int, dict[str, Any]]) -> None:
    refused = []
    for cadet in concerned:
        image = images[cadet.id]
        if cadet.version == image["version"]:
            continue
        changed = changed_fields(image["after"], image_of(cadet))
        what = ", ".join(changed) if changed else "the record was saved again"
        refused.append({**named(cadet), "reason": f"Changed since the import: {what}.", "changed": changed})
    if refused:
        raise Conflict(
            f"{len(refused)} of the imported cadets changed since. Nothing was undone.",
            code="import_changed_since",
            details={"refused": refused},
        )
