"""The cookie by which a browser shows that somebody signed in from it before."""

from typing import Any

from flask import Response, after_this_request, current_app

from auth_service.browser_session import PATH
from auth_service.client_info import current_client_info
from libs.web import devices


def known_from_now_on(answer: dict[str, Any]) -> dict[str, Any]:
    """Return what a sign-in or a renewal answers, and have the device remember whom it let in."""
    know_device_of(answer["user"]["id"])
    return answer


def know_device_of(user_id: int) -> None:
    """Have the browser that asks remember that the owner of an account proved themselves there."""
    device = devices.after_sign_in(current_client_info().device, user_id)
    token = devices.sign(current_app.config["RGMS"], device)

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(devices.COOKIE, token, max_age=int(devices.LIFE.total_seconds()), path=PATH, httponly=True)
        return response
