"""Creating and changing training staff."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from libs.contracts import events
from libs.contracts.principal import Principal
from libs.data.db import constraint_name, transaction
from libs.web.auth import refuse_unless_proved
from libs.web.errors import Conflict
from libs.web.etag import check_if_match
from roster_service.access import lock_staff, refuse_account_change, refuse_power_by_position, refuse_unless_admin
from roster_service.domain.names import display_name
from roster_service.models import Staff
from roster_service.operations.events import tell_staff
from roster_service.queries import staff


def create_staff(*, principal: Principal, values: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Store a new member of staff and tell the others.

    Raises:
        Forbidden: a position that only an admin may give.
        Conflict: the e-mail address belongs to a colleague.
    """
    position = values.get("position") or "Instructor"
    refuse_power_by_position(principal, position)
    with transaction() as session:
        _refuse_taken(values.get("email"), None)
        member = Staff(**{**values, "position": position}, version=1, created_at=now, updated_at=now)
        member.is_archived = member.is_profile_completed = False
        session.add(member)
        _flush(session)
        tell_staff(session, events.roster.STAFF_CREATED, member, now)
        return staff.staff_row(member)


def update_staff(
    *, principal: Principal, staff_id: int, values: Mapping[str, Any], if_match: str | None, now: datetime
) -> dict[str, Any]:
    """Change the given fields; If-Match is honoured. Nothing is told when nothing changed.

    Raises:
        NotFound, StaleVersion
        Forbidden: a change of a colleague's position or e-mail address by anybody but an admin; password_needed for one's
            own e-mail address, through which the password can be reset.
        Conflict: the e-mail address belongs to a colleague.
    """
    with transaction() as session:
        member = lock_staff(session, staff_id)
        check_if_match(member.version, if_match)
        changed = {name: value for name, value in values.items() if getattr(member, name) != value}
        refuse_account_change(principal, staff_id, changed)
        if "email" in changed and principal.staff_id == staff_id:
            refuse_unless_proved(principal, now)
        if changed:
            _refuse_taken(changed.get("email"), staff_id)
            for name, value in changed.items():
                setattr(member, name, value)
            member.version += 1
            member.updated_at = now
            _flush(session)
            tell_staff(session, events.roster.STAFF_UPDATED, member, now, principal.user_id)
        return staff.staff_row(member)


def set_archived(*, principal: Principal, staff_id: int, archived: bool, if_match: str | None, now: datetime) -> dict[str, Any]:
    """Archive a member of staff or take one back; doing it twice changes nothing. If-Match is honoured.

    Raises:
        NotFound, StaleVersion
        Forbidden: anybody but an admin.
    """
    refuse_unless_admin(principal)
    with transaction() as session:
        member = lock_staff(session, staff_id)
        check_if_match(member.version, if_match)
        if member.is_archived != archived:
            member.is_archived = archived
            member.version += 1
            member.updated_at = now
            tell_staff(session, events.roster.STAFF_ARCHIVED if archived else events.roster.STAFF_RESTORED, member, now)
        return staff.staff_row(member)


def _refuse_taken(email: str | None, other_than: int | None) -> None:
    holder = staff.email_holder(email, other_than) if email else None
    if holder:
        # The legacy server silently stored no address instead.
        name = display_name(holder["last_name"], holder["first_name"])
        raise Conflict(
            f"The e-mail address belongs to {name} already.",
            code="duplicate_email",
            details={"field": "email", "staff": {"id": holder["id"], "name": name, "is_archived": holder["is_archived"]}},
        )


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        if constraint_name(error) != "uq_staff_email_lower":
            raise
        raise Conflict(
            "The e-mail address was taken a moment ago.", code="duplicate_email", details={"field": "email"}
        ) from error
