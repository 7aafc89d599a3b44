"""What other services may ask; the gateway never routes here."""

from typing import Any

from flask_smorest import Blueprint

from auth_service.background import background_queue
from auth_service.operations import cleanup
from auth_service.operations.email_changes import tell_untold
from auth_service.queries.users import activated_cadets, users_for_services
from auth_service.schemas.users import CadetIdsSchema, CleanedSchema, InternalUserArgs, InternalUsersSchema
from libs import clock
from libs.web.auth import SERVICE, Mount

blueprint = Blueprint("internal", __name__, url_prefix="/internal", description="For services only")
mount = Mount(blueprint, read=SERVICE, write=SERVICE)


@blueprint.get("/users")
@blueprint.arguments(InternalUserArgs, location="query")
@blueprint.response(200, InternalUsersSchema)
def users_view(args: dict[str, Any]):
    """Return the active accounts with these ids, of these cadets or of this role."""
    return {"data": users_for_services(user_ids=args["user_id"], cadet_ids=args["cadet_id"], role=args["role"])}


@blueprint.post("/cadets/activated")
@blueprint.arguments(CadetIdsSchema)
@blueprint.response(200, CadetIdsSchema)
def activated_cadets_view(args: dict[str, Any]):
    """Return those of these cadets whose account has a password: an import that made them may not be undone."""
    return {"cadet_ids": activated_cadets(args["cadet_ids"])}


@blueprint.post("/cleanup/sessions")
@blueprint.response(200, CleanedSchema)
def clean_sessions_view():
    """Delete sessions that ended long ago."""
    return {"deleted": cleanup.clean_sessions(now=clock.now())}


@blueprint.post("/cleanup/tokens")
@blueprint.response(200, CleanedSchema)
def clean_tokens_view():
    """Delete tokens, codes and links that expired; mail what could not be mailed when it happened."""
    background_queue().put(tell_untold, now=clock.now())
    return {"deleted": cleanup.clean_tokens(now=clock.now())}
