"""What anyone may ask: signing in and out, and getting in for the first time or again."""

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from auth_service.background import background_queue
from auth_service.browser_session import PARAMETER, forget, handed_over, presented_token, session_handle
from auth_service.client_info import current_client_info
from auth_service.known_devices import know_device_of, known_from_now_on
from auth_service.operations import activation, login, passwords, second_step, sessions
from auth_service.schemas.passwords import ActivateArgs, ForgotArgs, ResetArgs
from auth_service.schemas.second_factor import SecondStepArgs, SecondStepSchema
from auth_service.schemas.sessions import LateSignOutSchema, LoginArgs, LogoutArgs, RefreshArgs, TokensSchema
from libs import clock
from libs.web.auth import PUBLIC, Mount, current_principal
from libs.web.errors import Unauthenticated
from libs.web.jsonio import json_response
from libs.web.tokens import ACCESS_LIFE

blueprint = Blueprint("sign_in", __name__, url_prefix="/api/v1/auth", description="Signing in and out")
mount = Mount(blueprint, read=PUBLIC, write=PUBLIC)


@blueprint.post("/login")
@blueprint.doc(security=[], parameters=[PARAMETER])
@blueprint.arguments(LoginArgs)
@blueprint.response(200, TokensSchema)
@blueprint.alt_response(202, schema=SecondStepSchema, description="The password is right; a second step is due.")
def login_view(args: dict[str, Any]):
    """Sign in with a username and a password; an account with a second step answers 202 and what that takes."""
    session_handle()
    return _let_in(login.sign_in(**args, origin=current_client_info()))


@blueprint.post("/login/second")
@blueprint.doc(security=[], parameters=[PARAMETER])
@blueprint.arguments(SecondStepArgs)
@blueprint.response(200, TokensSchema)
def second_view(args: dict[str, Any]):
    """Complete a sign-in with a code of the app, a recovery code or a passkey."""
    session_handle()
    return _let_in(second_step.finish_sign_in(**args, origin=current_client_info(), now=clock.now()))


@blueprint.post("/refresh")
@blueprint.doc(security=[], parameters=[PARAMETER])
@blueprint.arguments(RefreshArgs, required=False)
@blueprint.response(200, TokensSchema)
def refresh_view(args: dict[str, Any]):
    """Replace a refresh token, of the body or of a browser's cookie, by its successor; using one twice ends the session."""
    token = presented_token(args.get("refresh_token"), required=True)
    renewed = sessions.refresh_session(token=token, origin=current_client_info(), now=clock.now())
    return known_from_now_on(handed_over(renewed))


@blueprint.post("/logout")
@blueprint.doc(security=[{"bearer": []}, {}], parameters=[PARAMETER])
@blueprint.arguments(LogoutArgs, required=False)
@blueprint.response(204)
@blueprint.alt_response(202, schema=LateSignOutSchema, description="The session has ended; not every service knows yet.")
def logout_view(args: dict[str, Any]) -> Response | None:
    """End the session of the access token or of the given refresh token; both die at once, or 202 says until when one lives."""
    token = presented_token(args.get("refresh_token"))
    at_once = sessions.sign_out(session_id=_session_id(), refresh_token=token, origin=current_client_info(), now=clock.now())
    forget()
    return None if at_once else json_response(LateSignOutSchema().dump({"within_seconds": ACCESS_LIFE.total_seconds()}), 202)


@blueprint.post("/activate")
@blueprint.doc(security=[], parameters=[PARAMETER])
@blueprint.arguments(ActivateArgs)
@blueprint.response(200, TokensSchema)
@blueprint.alt_response(202, schema=SecondStepSchema, description="The password is set; a second step is due.")
def activate_view(args: dict[str, Any]):
    """Set the first password of an account with its printed code, and sign in."""
    session_handle()
    return _let_in(activation.activate(**args, origin=current_client_info(), now=clock.now()))


@blueprint.post("/password/forgot")
@blueprint.doc(security=[])
@blueprint.arguments(ForgotArgs)
@blueprint.response(202)
def forgot_view(args: dict[str, Any]) -> None:
    """Mail a reset link to the owner, if there is one; the answer is always the same."""
    passwords.admit_forgetting(origin=current_client_info())
    background_queue().put(passwords.send_reset_link, username=args["username"], origin=current_client_info(), now=clock.now())


@blueprint.post("/password/reset")
@blueprint.doc(security=[])
@blueprint.arguments(ResetArgs)
@blueprint.response(204)
def reset_view(args: dict[str, Any]) -> None:
    """Set a new password with the token of a mailed link; every session ends."""
    know_device_of(passwords.reset_password(**args, origin=current_client_info(), now=clock.now()))


def _let_in(answer: dict[str, Any]):
    if "ticket" in answer:
        return json_response(SecondStepSchema().dump(answer), 202)
    return known_from_now_on(handed_over(answer))


def _session_id() -> str | None:
    # Signing out with an expired or revoked token is not an error: the person is out.
    try:
        return current_principal().session_id
    except Unauthenticated:
        return None
