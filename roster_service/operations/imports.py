"""Applying a roster import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from libs.contracts.events.delivery import in_batches
from libs.contracts.events.roster import MAX_CADETS
from libs.contracts.principal import Principal
from libs.data.db import transaction
from libs.web.errors import Conflict
from libs.web.etag import check_if_match
from roster_service.access import lock_import
from roster_service.domain.choices import STATUS_ONGOING
from roster_service.domain.imports.images import image_of
from roster_service.domain.imports.plan import CREATE, UPDATE, Decision, differences
from roster_service.domain.units import UnitNames
from roster_service.models import Cadet, CadetImport
from roster_service.operations.cadets import reset_cadet
from roster_service.operations.events import tell_cadets
from roster_service.operations.import_previews import decisions_of
from roster_service.operations.turns import own_turn
from roster_service.queries import imports, units

# So many cadets are held as objects; a whole number of events, whose readers are told of as many at once as before.
MOST_AT_ONCE = 5 * MAX_CADETS
_CONCERNED = text(
    "SELECT (shown->>'cadet_id')::integer FROM roster.cadet_import, jsonb_array_elements(rows) AS shown"
    " WHERE id = :import_id AND shown->>'action' = ANY(:actions) AND shown->>'cadet_id' IS NOT NULL"
)
_SHOWN = text(
    "SELECT shown FROM roster.cadet_import, jsonb_array_elements(rows) WITH ORDINALITY AS one (shown, number)"
    " WHERE id = :import_id ORDER BY number"
).columns(shown=JSONB)
# Two imports applied at once would each plan without the other's cadets.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('rgms:roster:import', 0))")


def apply_import(*, principal: Principal, import_id: int, if_match: str | None, now: datetime) -> dict[str, Any]:
    """Do exactly what the preview showed, in one transaction; a second call changes nothing and answers the same.

    Args:
        if_match: If-Match as sent: the preview that the officer has looked at.

    Raises:
        NotFound
        StaleVersion: somebody mended or decided rows since; nothing was imported.
        Conflict: import_undone; or import_stale, naming the rows whose cadets changed since the preview.
    """
    with own_turn(), transaction() as session:
        found = lock_import(session, import_id)
        if found.status == "undone":
            raise Conflict("This import was undone. Upload the file again to import it.", code="import_undone")
        if found.status == "applied":
            return _applied(found)
        check_if_match(found.revision, if_match)
        session.execute(_ONE_AT_A_TIME)
        stored = _lock_concerned(session, import_id)
        decisions = decisions_of(found)
        session.expire(found, ["parsed"])
        if stale := differences(_shown_rows(session, import_id), decisions):
            raise Conflict(
                "The roster changed since this preview. Nothing was imported; upload the file again for a new one.",
                code="import_stale",
                details={"rows": stale[:100], "count": len(stale)},
            )
        found.images = _write(session, decisions, stored, now, actor_id=principal.user_id)
        found.status, found.applied_by, found.applied_at = "applied", principal.user_id, now
        return _applied(found)


def _applied(found: CadetImport) -> dict[str, Any]:
    created = sum(image["created"] for image in found.images)
    return {**imports.import_row(found), "created": created, "updated": len(found.images) - created}


def _lock_concerned(session: Session, import_id: int) -> dict[int, Cadet]:
    ids = session.scalars(_CONCERNED, {"import_id": import_id, "actions": [CREATE, UPDATE]}).all()
    found = session.scalars(select(Cadet).where(Cadet.id.in_(ids)).order_by(Cadet.id).with_for_update())
    return {cadet.id: cadet for cadet in found}


def _shown_rows(session: Session, import_id: int) -> Iterator[dict[str, Any]]:
    # One by one: ten thousand of them at once are 55 MB.
    yield from session.scalars(_SHOWN, {"import_id": import_id})


def _write(
    session: Session, decisions: Sequence[Decision], stored: dict[int, Cadet], now: datetime, *, actor_id: int
) -> list[dict[str, Any]]:
    names = units.unit_names()
    images: list[dict[str, Any]] = []
    wanted = [decision for decision in decisions if decision.action in {CREATE, UPDATE}]
    for some in in_batches(wanted, MOST_AT_ONCE):
        images += _write_some(session, some, stored, names, now, actor_id)
    return images


def _write_some(
    session: Session,
    decisions: Sequence[Decision],
    stored: dict[int, Cadet],
    names: UnitNames,
    now: datetime,
    actor_id: int,
) -> list[dict[str, Any]]:
    written: list[tuple[Cadet, bool, dict[str, Any] | None]] = []
    for decision in decisions:
        cadet = stored.pop(decision.cadet_id or 0, None)
        before = image_of(cadet) if cadet is not None else None
        if cadet is None:
            cadet = Cadet(version=0, created_at=now, status=STATUS_ONGOING, is_archived=False, is_profile_completed=False)
            session.add(cadet)
        elif decision.action == CREATE:
            reset_cadet(cadet)
        _assign(cadet, {name: new for name, (_, new) in decision.changes.items()}, names, now)
        written.append((cadet, decision.action == CREATE, before))
    try:
        session.flush()
    except IntegrityError as error:
        # A cadet with one of these ids was added by hand while we were writing.
        raise Conflict(
            "The roster changed since this preview. Nothing was imported; upload the file again for a new one.",
            code="import_stale",
        ) from error
    tell_cadets(session, [cadet for cadet, _, _ in written], now, actor_id)
    images = [
        {"cadet_id": cadet.id, "created": created, "before": before, "after": image_of(cadet), "version": cadet.version}
        for cadet, created, before in written
    ]
    session.flush()
    for cadet, _, _ in written:
        session.expunge(cadet)
    return images


def _assign(cadet: Cadet, values: dict[str, Any], names: UnitNames, now: datetime) -> None:
    for name, value in values.items():
        setattr(cadet, name, date.fromisoformat(value) if name == "birthdate" and value else value)
    cadet.unit_id = names.resolve(cadet.company, cadet.platoon)
    cadet.version += 1
    cadet.updated_at = now
