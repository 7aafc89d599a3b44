"""Changes of the address by which a password is reset, decided by its owner or an officer."""

from flask_smorest import Blueprint

from auth_service.client_info import current_client_info
from auth_service.operations import email_changes
from auth_service.queries.email_changes import address_of
from auth_service.schemas.email_changes import OwnEmailSchema
from libs import clock
from libs.web.auth import AUTHENTICATED, Mount, current_principal, refuse_unless_proved

ONE = "/email-changes/<int(min=1, max=2147483647):change_id>"

blueprint = Blueprint("email_changes", __name__, url_prefix="/api/v1/auth", description="Changes of address")
# Of their own account anybody decides; who else may, the operation judges.
mount = Mount(blueprint, read=AUTHENTICATED, write=AUTHENTICATED)


@blueprint.get("/email")
@blueprint.response(200, OwnEmailSchema)
def own_view():
    """Return the address by which one's own password is reset, and the one that waits for a yes."""
    return address_of(current_principal().user_id)


@blueprint.post(f"{ONE}/accept")
@blueprint.response(204)
def accept_view(change_id: int) -> None:
    """Let a password be reset by the new address from now on; the password must have been given a moment ago."""
    who, now = current_principal(), clock.now()
    refuse_unless_proved(who, now)
    email_changes.decide(change_id=change_id, principal=who, accept=True, origin=current_client_info(), now=now)


@blueprint.post(f"{ONE}/refuse")
@blueprint.response(204)
def refuse_view(change_id: int) -> None:
    """Keep the address that is."""
    who = current_principal()
    email_changes.decide(change_id=change_id, principal=who, accept=False, origin=current_client_info(), now=clock.now())
