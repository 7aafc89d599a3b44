"""The changes of address that wait for a second officer."""

from typing import Any

from flask_smorest import Blueprint

from auth_service.queries.email_changes import EMAIL_CHANGES, waiting_page
from auth_service.schemas.email_changes import EmailChangeSchema
from libs.web.auth import Mount
from libs.web.jsonio import json_response
from libs.web.list_views import listed
from libs.web.pagination import page_of
from libs.web.schemas import PageArgs

blueprint = Blueprint("waiting_addresses", __name__, url_prefix="/api/v1/auth/email-changes", description="Addresses that wait")
mount = Mount(blueprint, read="roster.write", write="roster.write")


@blueprint.get("")
@listed(blueprint, EMAIL_CHANGES, PageArgs, EmailChangeSchema)
def list_view(args: dict[str, Any]):
    """List the changes that wait for their owner or a second officer, the newest first."""
    return json_response(waiting_page(page_of(args)))
