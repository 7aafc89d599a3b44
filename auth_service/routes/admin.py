"""Accounts, for administrators."""

from typing import Any

from flask_smorest import Blueprint

from auth_service.access import access_user
from auth_service.client_info import current_client_info
from auth_service.operations import second_factor, users
from auth_service.queries.users import USERS, users_page
from auth_service.schemas.users import (
    AdministeredUserSchema,
    ChangeUserArgs,
    ClearAddressArgs,
    EndedSchema,
    ListedUserSchema,
    UserListArgs,
)
from auth_service.throttle import sign_in_throttle
from libs import clock
from libs.web.auth import Mount, current_principal, refuse_unless_proved
from libs.web.idempotency import idempotent
from libs.web.jsonio import json_response
from libs.web.list_views import listed
from libs.web.pagination import page_of

blueprint = Blueprint("admin", __name__, url_prefix="/api/v1/auth/users", description="Accounts")
mount = Mount(blueprint, read="users.manage", write="users.manage")


@blueprint.get("")
@listed(blueprint, USERS, UserListArgs, ListedUserSchema)
def list_view(args: dict[str, Any]):
    """List accounts by name."""
    filters = {name: args[name] for name in ("search", "role", "state")}
    return json_response(users_page(page_of(args), **filters, limits=sign_in_throttle().limits, now=clock.now()))


@blueprint.get("/<int:user_id>")
@blueprint.response(200, AdministeredUserSchema)
def detail_view(user_id: int):
    """Return one account."""
    return access_user(user_id)


@blueprint.patch("/<int:user_id>")
@blueprint.arguments(ChangeUserArgs)
@idempotent
@blueprint.response(200, AdministeredUserSchema)
def change_view(args: dict[str, Any], user_id: int):
    """Change role, activity or positions; the account's sessions end. The last active administrator stays one."""
    users.change_user(
        user_id=user_id, actor_id=current_principal().user_id, origin=current_client_info(), now=clock.now(), **args
    )
    return access_user(user_id)


@blueprint.post("/<int:user_id>/unlock")
@blueprint.response(204)
def unlock_view(user_id: int) -> None:
    """Forget the failed sign-ins of an account."""
    users.unlock_user(user_id=user_id, actor_id=current_principal().user_id, origin=current_client_info(), now=clock.now())


@blueprint.post("/clear-address")
@blueprint.arguments(ClearAddressArgs)
@blueprint.response(204)
def clear_address_view(args: dict[str, Any]) -> None:
    """Forget the failures of strangers at an address: nobody there waits in line any more."""
    actor_id = current_principal().user_id
    users.clear_address(address=args["address"], actor_id=actor_id, origin=current_client_info(), now=clock.now())


@blueprint.post("/<int:user_id>/second-factor/reset")
@blueprint.response(204)
def reset_second_factor_view(user_id: int) -> None:
    """Take every second factor from an account whose owner has lost them; its sessions end and the owner is told."""
    who, now = current_principal(), clock.now()
    refuse_unless_proved(who, now)
    second_factor.reset(user_id=user_id, actor_id=who.user_id, origin=current_client_info(), now=now)


@blueprint.post("/<int:user_id>/sign-out")
@blueprint.response(200, EndedSchema)
def sign_out_view(user_id: int):
    """End every session of an account."""
    return users.end_all_sessions(
        user_id=user_id, actor_id=current_principal().user_id, origin=current_client_info(), now=clock.now()
    )
