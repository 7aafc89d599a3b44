"""The copy of the roster that grading keeps: filled by events, by asking once, and by comparing both sides."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import current_app
from sqlalchemy import text
from sqlalchemy.orm import Session

from grading_service.access import access_cadet, own_cadet_id
from grading_service.domain.cadets import reference
from grading_service.operations.special_grades import tell_special_grades
from grading_service.queries.cadets import cadet_versions
from libs.clients.roster import RosterClient
from libs.contracts.principal import Principal
from libs.data.db import transaction
from libs.web.errors import NotFound, UpstreamDown
from libs.web.jsonio import dumps

Row = dict[str, Any]

log = logging.getLogger(__name__)

# An older version never replaces a newer one, so events may arrive twice or late. `turned`: a special grade came or went.
_STORE = text(
    """WITH former AS (
            SELECT c.id, c.special FROM grading.cadet_ref c WHERE c.id = ANY(:cadet_ids)
        ), stored AS (
            INSERT INTO grading.cadet_ref AS c (id, student_id, name, sort_name, search, company, platoon, cadet_course, status,
                is_archived, version)
            SELECT f.* FROM json_to_recordset(CAST(:cadets AS json)) AS f(id integer, student_id text, name text, sort_name text,
                search text, company text, platoon text, cadet_course text, status text, is_archived boolean, version integer)
            ORDER BY f.id
            ON CONFLICT (id) DO UPDATE SET student_id = excluded.student_id, name = excluded.name, sort_name = excluded.sort_name,
                search = excluded.search, company = excluded.company, platoon = excluded.platoon,
                cadet_course = excluded.cadet_course, status = excluded.status, is_archived = excluded.is_archived,
                version = excluded.version
            WHERE excluded.version > c.version RETURNING c.id, c.special
        )
        SELECT stored.id, former.id IS NOT NULL AND former.special IS DISTINCT FROM stored.special AS turned
        FROM stored LEFT JOIN former USING (id) ORDER BY stored.id"""
)


def store_cadets(session: Session, cadets: Iterable[Mapping[str, Any]]) -> int:
    """Take over what the roster says of these cadets where it is newer; return how many that changed."""
    rows = {cadet["id"]: reference(cadet) for cadet in cadets}
    if not rows:
        return 0
    stored = session.execute(_STORE, {"cadets": dumps(list(rows.values())).decode(), "cadet_ids": list(rows)}).all()
    if turned := [row.id for row in stored if row.turned]:
        tell_special_grades(session.connection(), turned)
    return len(stored)


def ensure_cadets_known(*, cadet_ids: Iterable[int]) -> tuple[set[int], set[int]]:
    """Ask the roster, in one call, for cadets whose event has not arrived yet, and store the answer.

    Returns (cadets that are known now, cadets that could not be asked for because the roster did not answer).
    """
    wanted = set(cadet_ids)
    try:
        found = RosterClient(current_app.config["RGMS"]).get_cadets(wanted)
    except UpstreamDown:
        return set(), wanted
    with transaction() as session:
        store_cadets(session, found)
    return {cadet["id"] for cadet in found}, set()


def ensure_cadet_known(*, cadet_id: int) -> Row:
    """Return a cadet, asking the roster for one of whom no event has arrived yet.

    Raises:
        NotFound: nobody knows this cadet, or nobody answered.
    """
    try:
        return access_cadet(cadet_id)
    except NotFound:
        ensure_cadets_known(cadet_ids=[cadet_id])
    return access_cadet(cadet_id)


def ensure_own_cadet_known(*, principal: Principal) -> Row:
    """Return the cadet that the caller is; somebody who has just been enrolled need not wait for the event.

    Raises:
        NotFound: the account belongs to no cadet.
    """
    return ensure_cadet_known(cadet_id=own_cadet_id(principal))


def cadet_changed(session: Session, event: Mapping[str, Any]) -> None:
    """Apply roster.cadet.*."""
    store_cadets(session, [event["data"]["cadet"]])


def cadets_imported(session: Session, event: Mapping[str, Any]) -> None:
    """Apply roster.cadets.imported."""
    store_cadets(session, event["data"]["cadets"])


def reconcile_cadets() -> Callable[[Session], int]:
    """Read the whole roster and return fn(session), which mends our copy by it and returns how many cadets differed.

    Raises:
        UpstreamDown: the roster does not answer.
    """
    known = cadet_versions()
    client = RosterClient(current_app.config["RGMS"])
    newer = [cadet for cadet in client.each_cadet() if known.get(cadet["id"], -1) < cadet["version"]]

    def mend(session: Session) -> int:
        mended = store_cadets(session, newer)
        if mended:
            log.info("cadets mended", extra={"count": mended})
        return mended

    return mend
