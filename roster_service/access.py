"""The only doors from an id to a person's row. What somebody may not see does not exist for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from libs.contracts.principal import COMMAND_GROUP, Principal
from libs.web.errors import Forbidden, NotFound
from roster_service.models import Cadet, CadetImport, Staff
from roster_service.queries import cadets, staff


def access_cadet(principal: Principal, cadet_id: int) -> dict[str, Any]:
    """Return a cadet for reading: any for those who read the roster, the own record for a cadet.

    Raises:
        NotFound: there is none, or it is not the caller's to see; the two answers are the same.
    """
    if not principal.may("roster.read") and not (principal.may("roster.own") and principal.cadet_id == cadet_id):
        raise NotFound()
    found = cadets.cadet_detail(cadet_id)
    if found is None:
        raise NotFound()
    return found


def own_cadet_id(principal: Principal) -> int:
    """Return the id of the record that is the caller's own.

    Raises:
        NotFound: the account belongs to no cadet.
    """
    if principal.cadet_id is None:
        raise NotFound("No cadet's record belongs to this account.")
    return principal.cadet_id


def lock_cadet(session: Session, cadet_id: int) -> Cadet:
    """Return a cadet for writing; the row stays locked until the transaction ends.

    Raises:
        NotFound
    """
    return lock_cadets(session, [cadet_id])[0]


def lock_cadets(session: Session, cadet_ids: Sequence[int]) -> list[Cadet]:
    """Return cadets for writing, by id, so that two writers of the same ones cannot block each other.

    Raises:
        NotFound: naming the ids that are no cadets.
    """
    found = session.scalars(
        select(Cadet).where(Cadet.id.in_(cadet_ids), Cadet.withdrawn_at.is_(None)).order_by(Cadet.id).with_for_update()
    ).all()
    if missing := sorted(set(cadet_ids) - {cadet.id for cadet in found}):
        raise NotFound(details={"ids": missing})
    return list(found)


def access_staff(staff_id: int) -> dict[str, Any]:
    """Return a member of staff for reading.

    Raises:
        NotFound
    """
    found = staff.staff_detail(staff_id)
    if found is None:
        raise NotFound()
    return found


def lock_staff(session: Session, staff_id: int) -> Staff:
    """Return a member of staff for writing; the row stays locked until the transaction ends.

    Raises:
        NotFound
    """
    found = session.get(Staff, staff_id, with_for_update=True)
    if found is None:
        raise NotFound()
    return found


def refuse_power_by_position(principal: Principal, position: str) -> None:
    """Refuse a new member of staff with the powers of the command group, unless an admin asks.

    Raises:
        Forbidden
    """
    if position in COMMAND_GROUP and principal.role != "admin":
        raise Forbidden("Only an admin may give this position.", details={"field": "position"})


def refuse_account_change(principal: Principal, staff_id: int, changed: Iterable[str]) -> None:
    """Refuse changes of a colleague's record that reach the account: only an admin may.

    A position carries rights, and a password is reset through the e-mail address; were they open to all who write the
    roster, any of them could become anybody (legacy defect D19). One's own address is one's own.

    Raises:
        Forbidden
    """
    guarded = {"position"} if principal.staff_id == staff_id else {"position", "email"}
    if principal.role != "admin" and (fields := sorted(guarded.intersection(changed))):
        raise Forbidden("Only an admin may change this of a colleague.", details={"fields": fields})


def refuse_unless_admin(principal: Principal) -> None:
    """Refuse what closes or reopens a colleague's account to everybody but an admin (legacy defect D19).

    Raises:
        Forbidden
    """
    if principal.role != "admin":
        raise Forbidden("Only an admin may archive or restore staff.")


def lock_import(session: Session, import_id: int) -> CadetImport:
    """Return an import for writing; two who apply or undo it at once work one after the other.

    Raises:
        NotFound
    """
    found = session.get(CadetImport, import_id, with_for_update=True)
    if found is None:
        raise NotFound()
    return found
