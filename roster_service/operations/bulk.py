"""Archiving and restoring many cadets at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from libs.data.db import transaction
from roster_service.access import lock_cadets
from roster_service.operations.cadets import mark_archived
from roster_service.operations.events import tell_cadets


def set_many_archived(*, cadet_ids: Sequence[int], archived: bool, now: datetime) -> dict[str, Any]:
    """Archive or restore all of them or none; return the ids that changed and those that were so before.

    Raises:
        NotFound: naming the ids that are no cadets.
    """
    with transaction() as session:
        found = lock_cadets(session, sorted(set(cadet_ids)))
        changing = [cadet for cadet in found if cadet.is_archived != archived]
        for cadet in changing:
            mark_archived(cadet, archived, now)
        if changing:
            tell_cadets(session, changing, now)
        ids = [cadet.id for cadet in changing]
        return {"changed": ids, "unchanged": [cadet.id for cadet in found if cadet.id not in set(ids)]}
