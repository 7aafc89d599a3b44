"""The refresh token of a browser: handed out in a cookie that no script reads, and read from there. Others get it in the body.

A page says that it is one by a handle of its own (``libs/contracts/browser_session.py``), which names the cookie. So two people
in two tabs of a shared device have a sign-in each, and a tab that was closed leaves nothing that another page could use.
"""

from typing import Any

from flask import Response, after_this_request, request

from auth_service.domain.refresh import REFRESH_LIFE
from libs.contracts.browser_session import COOKIE_PREFIX, HANDLE_HEADER, HANDLE_PATTERN, OF_TAB, is_handle
from libs.web.errors import Invalid

PATH = "/api/v1/auth"
PARAMETER = {
    "in": "header",
    "name": HANDLE_HEADER,
    "schema": {"type": "string", "pattern": HANDLE_PATTERN},
    "description": "Sent by a page in a browser, which then gets its refresh token in a cookie, and null in the body.",
}
"""What the description of the API says of the handle."""
KEPT = 8
"""Sign-ins that one browser keeps. What a shared device piles up would in the end not fit into a request any more."""


def session_handle() -> str:
    """Return the handle of this request; empty for a client that keeps its refresh token itself.

    Raises:
        Invalid: there is one, and it is malformed.
    """
    handle = request.headers.get(HANDLE_HEADER, "")
    if handle and not is_handle(handle):
        raise Invalid(
            "This sign-in cannot be kept: its handle is malformed.",
            code="session_handle_malformed",
            details={HANDLE_HEADER: ["Must be device- or tab-, and 16 to 43 letters, digits, - or _."]},
        )
    return handle


def presented_token(in_body: str | None, *, required: bool = False) -> str | None:
    """Return the refresh token of this request: that of the body, else that of the browser's cookie.

    A page that kept its token itself, as pages once did, moves over by showing it once more beside its handle.

    Raises:
        Invalid: a client without a handle shows none, and it is ``required``.
    """
    handle = session_handle()
    if required and not (in_body or handle):
        raise Invalid(details={"refresh_token": ["Missing data for required field."]})
    return in_body or (request.cookies.get(COOKIE_PREFIX + handle) if handle else None)


def handed_over(answer: dict[str, Any]) -> dict[str, Any]:
    """Return what a sign-in answers: for a browser without the refresh token, which its cookie takes."""
    handle = session_handle()
    if not handle:
        return answer
    token = answer["refresh_token"]

    @after_this_request
    def keep(response: Response) -> Response:
        lasting = None if handle.startswith(OF_TAB) else REFRESH_LIFE
        response.set_cookie(COOKIE_PREFIX + handle, token, max_age=lasting, path=PATH, httponly=True)
        for name in _surplus(COOKIE_PREFIX + handle):
            response.delete_cookie(name, path=PATH, httponly=True)
        return response

    return answer | {"refresh_token": None}


def forget() -> None:
    """Have the browser drop the cookie of this request's handle."""
    handle = session_handle()
    if handle:

        @after_this_request
        def drop(response: Response) -> Response:
            response.delete_cookie(COOKIE_PREFIX + handle, path=PATH, httponly=True)
            return response


def _surplus(own: str) -> list[str]:
    # A browser sends what it has longest first. A tab's sign-in goes before that of a device: most likely it was closed.
    others = [name for name in request.cookies if name.startswith(COOKIE_PREFIX) and name != own]
    others.sort(key=lambda name: not name.startswith(COOKIE_PREFIX + OF_TAB))
    return others[: max(0, len(others) - (KEPT - 1))]
