"""Changes of address as they are decided and shown."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from auth_service.domain.email_changes import REFUSED, UNDONE, WAITING
from auth_service.models import EmailChange, User
from libs.data.db import reading
from libs.web.lists import INSTANT, INTEGER, Filter, Key, Listing, columns_of, page_bytes
from libs.web.pagination import Page

_SHOWN = (EmailChange.id, EmailChange.state, EmailChange.old_email, EmailChange.new_email, EmailChange.decided_at)
EMAIL_CHANGES = Listing(
    source='auth.email_change c JOIN auth."user" u ON u.id = c.user_id LEFT JOIN auth."user" o ON o.id = c.proposed_by',
    id=Key("c.id", INTEGER),
    fields=columns_of("c", ("id", "user_id", "old_email", "new_email", "proposed_by", "proposed_at"))
    | {"username": "u.username", "display_name": "u.display_name", "role": "u.role", "proposed_by_name": "o.display_name"},
    sorts={"proposed_at": (Key("c.proposed_at", INSTANT),), "display_name": (Key("lower(u.display_name)"),)},
    default_sort="-proposed_at",
    instants=("proposed_at",),
)


def waiting_page(page: Page) -> bytes:
    """Return a page of the changes that wait for a yes as JSON, the newest first."""
    return page_bytes(EMAIL_CHANGES, page, Filter().equal(c_state=WAITING))


def waiting_and_rejected(session: DbSession, user_id: int) -> tuple[str, str]:
    """Return the address of an account that waits, and the newest one that was not wanted; "" for none."""

    def newest(*states: str) -> str:
        wanted = select(EmailChange.new_email).where(EmailChange.user_id == user_id, EmailChange.state.in_(states))
        return session.execute(wanted.order_by(EmailChange.id.desc()).limit(1)).scalar() or ""

    return newest(WAITING), newest(UNDONE, REFUSED)


def address_of(user_id: int) -> dict[str, Any]:
    """Return the address of an account, and the change of it that waits."""
    waiting = select(EmailChange.id, EmailChange.new_email, EmailChange.proposed_at).where(
        EmailChange.user_id == user_id, EmailChange.state == WAITING
    )
    with reading() as connection:
        email = connection.execute(select(User.email).where(User.id == user_id)).scalar()
        row = connection.execute(waiting).mappings().first()
    return {"email": email, "waiting": dict(row) if row else None}


def change_of_link(token_hash: str) -> dict[str, Any] | None:
    """Return the change that a link to the old address is about."""
    with reading() as connection:
        row = connection.execute(select(*_SHOWN).where(EmailChange.token_hash == token_hash)).mappings().first()
    return dict(row) if row else None
