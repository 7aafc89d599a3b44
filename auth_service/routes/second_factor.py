"""What proves a person beside the password: of one's own account."""

from typing import Any

from flask_smorest import Blueprint

from auth_service.client_info import current_client_info
from auth_service.operations import second_factor
from auth_service.operations.sessions import second_factor_rule
from auth_service.queries.second_factor import standing_of
from auth_service.schemas.second_factor import (
    AuthenticatorSchema,
    CodeArgs,
    NewPasskeyArgs,
    PasskeyOptionsSchema,
    RecoveryCodesSchema,
    SecondFactorSchema,
)
from libs import clock
from libs.web.auth import AUTHENTICATED, Mount, current_principal, refuse_unless_proved

blueprint = Blueprint("second_factor", __name__, url_prefix="/api/v1/auth/second-factor", description="The second step")
mount = Mount(blueprint, read=AUTHENTICATED, write=AUTHENTICATED, while_due=True)


def _owner() -> dict[str, Any]:
    # Whoever holds the phone of somebody else must not add a key of their own.
    who, now = current_principal(), clock.now()
    refuse_unless_proved(who, now)
    return {"user_id": who.user_id, "now": now}


@blueprint.get("")
@blueprint.response(200, SecondFactorSchema)
def standing_view():
    """Return what one's own account has beside its password, and whether it must have it."""
    standing = standing_of(current_principal().user_id)
    return standing | second_factor_rule(standing["role"])


@blueprint.post("/authenticator")
@blueprint.response(201, AuthenticatorSchema)
def begin_authenticator_view():
    """Begin to add an authenticator app; it counts once it has shown a code."""
    return second_factor.begin_authenticator(**_owner())


@blueprint.post("/authenticator/confirm")
@blueprint.arguments(CodeArgs)
@blueprint.response(200, RecoveryCodesSchema)
def confirm_authenticator_view(args: dict[str, Any]):
    """Let the app count, with a code that it shows."""
    codes = second_factor.confirm_authenticator(**_owner(), code=args["code"], origin=current_client_info())
    return {"recovery_codes": codes}


@blueprint.delete("/authenticator")
@blueprint.response(204)
def remove_authenticator_view() -> None:
    """Remove the authenticator app."""
    second_factor.remove(**_owner(), passkey_id=None, origin=current_client_info())


@blueprint.post("/passkeys/options")
@blueprint.response(201, PasskeyOptionsSchema)
def begin_passkey_view():
    """Begin to add a passkey."""
    return second_factor.begin_passkey(**_owner())


@blueprint.post("/passkeys")
@blueprint.arguments(NewPasskeyArgs)
@blueprint.response(201, RecoveryCodesSchema)
def add_passkey_view(args: dict[str, Any]):
    """Add the passkey that the browser made."""
    return {"recovery_codes": second_factor.add_passkey(**_owner(), **args, origin=current_client_info())}


@blueprint.delete("/passkeys/<int(min=1, max=2147483647):passkey_id>")
@blueprint.response(204)
def remove_passkey_view(passkey_id: int) -> None:
    """Remove a passkey."""
    second_factor.remove(**_owner(), passkey_id=passkey_id, origin=current_client_info())


@blueprint.post("/recovery-codes")
@blueprint.response(201, RecoveryCodesSchema)
def recovery_codes_view():
    """Make ten new recovery codes, shown this one time; those of before stop working."""
    return {"recovery_codes": second_factor.renew_recovery_codes(**_owner(), origin=current_client_info())}
