"""A cadet's own profile: filled in once, then locked until the office unlocks it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from libs.contracts import events
from libs.contracts.principal import Principal
from libs.data.db import transaction
from libs.web.auth import refuse_unless_proved
from libs.web.errors import Forbidden, Invalid
from libs.web.etag import check_if_match
from roster_service.access import lock_cadet
from roster_service.domain.profiles import missing_for_completion, status_when_completed
from roster_service.operations.events import tell_cadet
from roster_service.queries import cadets


def update_own_profile(
    *, principal: Principal, cadet_id: int, values: Mapping[str, Any], if_match: str | None, now: datetime
) -> dict[str, Any]:
    """Change contact fields of the caller's own record, and complete the profile if asked to.

    Args:
        values: contact fields, and `is_profile_completed` as true to complete and lock.

    Raises:
        NotFound, StaleVersion
        Forbidden: profile_locked, once it is completed; password_needed for another e-mail address, through which the
            password can be reset.
        Invalid: completing it with fields still empty.
    """
    with transaction() as session:
        cadet = lock_cadet(session, cadet_id)
        check_if_match(cadet.version, if_match)
        if cadet.is_profile_completed:
            raise Forbidden("Your profile is locked. Ask the ROTC office to unlock it.", code="profile_locked")
        changed = {name: value for name, value in values.items() if getattr(cadet, name) != value}
        if "email" in changed:
            refuse_unless_proved(principal, now)
        for name, value in changed.items():
            setattr(cadet, name, value)
        if changed.get("is_profile_completed"):
            if missing := missing_for_completion(cadets.cadet_row(cadet)):
                raise Invalid(details={name: ["Needed to complete the profile."] for name in missing})
            cadet.status = status_when_completed(cadet.status)
        if changed:
            cadet.version += 1
            cadet.updated_at = now
            tell_cadet(session, events.roster.CADET_UPDATED, cadet, now, principal.user_id)
        return cadets.cadet_row(cadet)


def unlock_profile(*, cadet_id: int, now: datetime) -> dict[str, Any]:
    """Let a cadet change the own profile again; an unlocked one stays as it is.

    Raises:
        NotFound
    """
    with transaction() as session:
        cadet = lock_cadet(session, cadet_id)
        if cadet.is_profile_completed:
            cadet.is_profile_completed = False
            cadet.version += 1
            cadet.updated_at = now
            tell_cadet(session, events.roster.CADET_UPDATED, cadet, now)
        return cadets.cadet_row(cadet)
