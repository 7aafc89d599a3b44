"""A cadet's own record."""

from __future__ import annotations

from flask_smorest import Blueprint

from libs import clock
from libs.web.auth import Mount, current_principal
from libs.web.etag import if_match
from roster_service.access import access_cadet, own_cadet_id
from roster_service.operations.profiles import update_own_profile
from roster_service.routes.answers import versioned
from roster_service.schemas.cadets import CadetSchema, OwnProfilePatch

blueprint = Blueprint("own-profile", __name__, url_prefix="/api/v1/cadets/me", description="The caller's own record")
mount = Mount(blueprint, read="roster.own", write="roster.own")


@blueprint.get("")
@blueprint.response(200, CadetSchema)
def show_own_record():
    """Return the caller's own record."""
    principal = current_principal()
    return versioned(access_cadet(principal, own_cadet_id(principal)))


@blueprint.patch("")
@blueprint.arguments(OwnProfilePatch)
@blueprint.response(200, CadetSchema)
def change_own_profile(values):
    """Change the own contact fields, until the profile is completed and locked."""
    who = current_principal()
    own = {"cadet_id": own_cadet_id(who), "if_match": if_match()}
    return versioned(update_own_profile(principal=who, values=values, **own, now=clock.now()))
