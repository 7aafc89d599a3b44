"""What the old address may say about its change, by the link that it got."""

from typing import Any

from flask_smorest import Blueprint

from auth_service.client_info import current_client_info
from auth_service.operations import email_changes
from auth_service.schemas.email_changes import EmailLinkArgs, EmailLinkSchema
from libs import clock
from libs.web.auth import PUBLIC, Mount

blueprint = Blueprint("email_links", __name__, url_prefix="/api/v1/auth/email-links", description="Links to an old address")
mount = Mount(blueprint, read=PUBLIC, write=PUBLIC)


@blueprint.post("/look")
@blueprint.doc(security=[])
@blueprint.arguments(EmailLinkArgs)
@blueprint.response(200, EmailLinkSchema)
def look_view(args: dict[str, Any]):
    """Return what a link is about; changes nothing."""
    return email_changes.look_at_link(token=args["token"], now=clock.now())


@blueprint.post("/accept")
@blueprint.doc(security=[])
@blueprint.arguments(EmailLinkArgs)
@blueprint.response(200, EmailLinkSchema)
def accept_view(args: dict[str, Any]):
    """Let a password be reset by the new address from now on."""
    return email_changes.decide_by_link(token=args["token"], accept=True, origin=current_client_info(), now=clock.now())


@blueprint.post("/undo")
@blueprint.doc(security=[])
@blueprint.arguments(EmailLinkArgs)
@blueprint.response(200, EmailLinkSchema)
def undo_view(args: dict[str, Any]):
    """Keep the old address, or take the change back: then every session ends and a reset link comes to the old address."""
    return email_changes.decide_by_link(token=args["token"], accept=False, origin=current_client_info(), now=clock.now())
