"""Activation codes, for administrators."""

from typing import Any

from flask_smorest import Blueprint

from auth_service.client_info import current_client_info
from auth_service.operations import activation
from auth_service.schemas.passwords import CodesSchema, IssueCodesArgs
from libs import clock
from libs.web.auth import Mount, current_principal

blueprint = Blueprint("activation", __name__, url_prefix="/api/v1/auth", description="Activation codes")
mount = Mount(blueprint, read="users.manage", write="users.manage")


@blueprint.post("/activation-codes")
@blueprint.arguments(IssueCodesArgs)
@blueprint.response(201, CodesSchema)
def issue_view(args: dict[str, Any]):
    """Make activation codes for cadets, accounts or a company. They are shown once; an Idempotency-Key is not kept for them."""
    return activation.issue_codes(**args, actor_id=current_principal().user_id, origin=current_client_info(), now=clock.now())
