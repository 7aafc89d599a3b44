"""The doors from an id to an account."""

from typing import Any

from auth_service.queries.users import user_by_id, user_for_session
from libs.contracts.principal import Principal
from libs.web.errors import NotFound, Unauthenticated


def access_own_user(principal: Principal) -> dict[str, Any]:
    """Return the account behind an access token.

    Raises:
        Unauthenticated: it was deactivated, or the session has ended.
    """
    user = user_for_session(principal.user_id, principal.session_id)
    if user is None:
        raise Unauthenticated("Please sign in again.", code="session_ended")
    return user


def access_user(user_id: int) -> dict[str, Any]:
    """Return an account for an administrator.

    Raises:
        NotFound: no such account.
    """
    user = user_by_id(user_id)
    if user is None:
        raise NotFound()
    return user
