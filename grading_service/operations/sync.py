"""The check that runs on a schedule: our copy of the roster, and every grade against a replay of the record."""

from __future__ import annotations

from typing import Any

from grading_service.ledger.replay import rebuild_terms
from grading_service.operations.cadets import reconcile_cadets
from libs.data.db import transaction


def sync() -> dict[str, Any]:
    """Compare and mend; return {cadets_mended, terms_checked, grades_mended}.

    Raises:
        UpstreamDown: the roster does not answer; the grades are not touched then.
    """
    mend = reconcile_cadets()
    with transaction() as session:
        cadets = mend(session)
    differences = rebuild_terms(term_id=None, write=True)
    return {
        "cadets_mended": cadets,
        "terms_checked": len(differences),
        "grades_mended": sum(difference.total for difference in differences),
    }
