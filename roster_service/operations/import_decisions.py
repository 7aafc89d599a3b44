"""Deciding who the rows in conflict are, before an import is applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from libs.contracts.principal import Principal
from libs.data.db import transaction
from libs.web.errors import Conflict, Invalid
from roster_service.access import lock_import
from roster_service.domain.imports.answers import MOST_ANSWERS, faults
from roster_service.domain.imports.reading import Reading
from roster_service.operations.import_previews import show, shown
from roster_service.operations.turns import own_turn


def decide_rows(*, principal: Principal, import_id: int, answers: Sequence[Mapping[str, Any]], now: datetime) -> dict[str, Any]:
    """Keep what an officer says of rows in conflict, and return the preview as it is then; no cadet is touched.

    Args:
        answers: {sheet, row, decision, cadet_id, place}: `same` with whom where several are shown, `another`, `leave`, or None
            to take the last one back.

    Raises:
        NotFound
        Conflict: import_not_open: it was applied or undone; too_many_decisions.
        Invalid: a row about which nothing is to be decided, or none of the cadets shown; nothing of the answers is kept.
    """
    with own_turn(), transaction() as session:
        found = lock_import(session, import_id)
        if found.status != "preview":
            raise Conflict("This import was applied already; its decisions stand.", code="import_not_open")
        if wrong := faults(answers, found.rows):
            raise Invalid(details={"decisions": [f"{place}: {why}" for place, why in wrong.items()]})
        stamp = {"by": principal.user_id, "at": now.isoformat()}
        log = [*found.decisions, *({**answer, **stamp} for answer in answers)]
        if len(log) > MOST_ANSWERS:
            raise Conflict("Too many decisions. Upload the file again for a new preview.", code="too_many_decisions")
        found.decisions = log
        show(found, Reading.of(found.parsed))
        found.revision += 1
        return shown(found)
