"""What a signed-in person may ask about their own account."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from auth_service.access import access_own_user
from auth_service.client_info import current_client_info
from auth_service.operations import passwords, sessions
from auth_service.queries.sessions import SESSIONS, live_sessions
from auth_service.schemas.email_changes import ProofArgs, ProofSchema
from auth_service.schemas.passwords import ChangePasswordArgs
from auth_service.schemas.sessions import SessionSchema, VerifiedSchema
from auth_service.schemas.users import EndedSchema
from libs import clock
from libs.web.auth import AUTHENTICATED, Mount, current_principal, require
from libs.web.jsonio import json_response
from libs.web.list_views import listed
from libs.web.pagination import page_of
from libs.web.schemas import PageArgs

blueprint = Blueprint("me", __name__, url_prefix="/api/v1/auth", description="One's own account")
mount = Mount(blueprint, read=AUTHENTICATED, write=AUTHENTICATED, while_due=True)


@blueprint.route("/verify", methods=["GET", "POST"])
@blueprint.response(200, VerifiedSchema)
def verify_view():
    """Return whose access token this is, checked against the database: deactivated people and ended sessions get 401."""
    who = current_principal()
    return {"user": access_own_user(who) | {"due": who.due or None}}


@blueprint.get("/sessions")
@listed(blueprint, SESSIONS, PageArgs, SessionSchema)
@require("sessions.own")
def sessions_view(args: dict[str, Any]):
    """List one's own sessions, the last used first."""
    who = current_principal()
    return json_response(live_sessions(who.user_id, current=who.session_id, now=clock.now(), page=page_of(args)))


@blueprint.delete("/sessions/<uuid:session_id>")
@blueprint.response(204)
@require("sessions.own")
def end_session_view(session_id: UUID) -> None:
    """End one of one's own sessions, as after a lost phone."""
    sessions.end_own_session(
        user_id=current_principal().user_id, session_id=session_id, origin=current_client_info(), now=clock.now()
    )


@blueprint.post("/sessions/end-others")
@blueprint.response(200, EndedSchema)
@require("sessions.own")
def end_others_view():
    """End every other session of one's own."""
    who = current_principal()
    facts = {"user_id": who.user_id, "session_id": who.session_id, "now": clock.now()}
    return {"ended": sessions.end_other_sessions(**facts, origin=current_client_info())}


@blueprint.post("/proof")
@blueprint.arguments(ProofArgs)
@blueprint.response(200, ProofSchema)
def proof_view(args: dict[str, Any]):
    """Take one's own password once more, for what a borrowed phone must not be enough; the token says when it was given."""
    who = current_principal()
    facts = {"user_id": who.user_id, "session_id": who.session_id, "password": args["password"]}
    return passwords.prove(**facts, origin=current_client_info(), now=clock.now())


@blueprint.post("/password")
@blueprint.arguments(ChangePasswordArgs)
@blueprint.response(204)
def password_view(args: dict[str, Any]) -> None:
    """Change one's own password; every other session ends."""
    who, new = current_principal(), args["new_password"]
    current = args["current_password"]
    passwords.change_password(
        user_id=who.user_id, session_id=who.session_id, current=current, new=new, origin=current_client_info(), now=clock.now()
    )
