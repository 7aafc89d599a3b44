"""Taking back a withdrawal: a fact may be recorded between the question of an undo and its commit, and counts as before."""

from __future__ import annotations

import logging
from datetime import datetime

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from libs.data.db import transaction
from libs.web.errors import UpstreamDown
from roster_service.access import lock_import
from roster_service.domain.imports.images import kept_cadet, put_back
from roster_service.models import Cadet
from roster_service.operations.events import tell_cadets
from roster_service.queries.imports import withdrawn_by

HAS_RECORDS = "There are marks or points of this cadet."

log = logging.getLogger(__name__)


def reinstate_recorded(*, import_id: int, now: datetime) -> None:
    """Put the cadets of an undone import back of whom grading has a record after all, and name them with those who stay.

    Who can't be asked about or put back (somebody has the number by now) stays withdrawn: the record stays under that id, which
    only the same person can get again.
    """
    try:
        recorded = current_app.extensions["roster_grading"].cadets_with_records(withdrawn_by(import_id))
        if recorded:
            _reinstate(import_id, recorded, now)
    except (UpstreamDown, IntegrityError):
        log.exception("withdrawn cadets with records may remain", extra={"import_id": import_id})


def _reinstate(import_id: int, cadet_ids: set[int], now: datetime) -> None:
    with transaction() as session:
        found = lock_import(session, import_id)
        images = {image["cadet_id"]: image for image in found.images}
        asleep = select(Cadet).where(Cadet.id.in_(cadet_ids), Cadet.withdrawn_at.is_not(None)).order_by(Cadet.id)
        cadets = list(session.scalars(asleep.with_for_update()))
        for cadet in cadets:
            put_back(cadet, images[cadet.id]["after"])
            cadet.withdrawn_at = None
            cadet.version += 1
            cadet.updated_at = now
        found.kept = [*found.kept, *(kept_cadet(cadet, HAS_RECORDS) for cadet in cadets)]
        if cadets:
            tell_cadets(session, cadets, now, found.undone_by)
