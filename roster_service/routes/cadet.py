"""One cadet."""

from __future__ import annotations

from flask_smorest import Blueprint

from libs import clock
from libs.web.auth import AUTHENTICATED, Mount, current_principal
from libs.web.etag import if_match
from libs.web.idempotency import idempotent
from roster_service.access import access_cadet
from roster_service.operations.cadets import set_archived, update_cadet
from roster_service.operations.profiles import unlock_profile
from roster_service.routes.answers import versioned
from roster_service.schemas.cadets import CadetPatch, CadetReplace, CadetSchema

# Larger numbers than PostgreSQL's integer are no ids.
ONE = "/<int(min=1, max=2147483647):cadet_id>"

blueprint = Blueprint("cadet", __name__, url_prefix="/api/v1/cadets", description="One cadet")
# One cadet is also open to that cadet: access.py decides.
mount = Mount(blueprint, read=AUTHENTICATED, write="roster.write")


@blueprint.get(ONE)
@blueprint.response(200, CadetSchema)
def show_cadet(cadet_id):
    """Return a cadet; a cadet sees only the own record."""
    return versioned(access_cadet(current_principal(), cadet_id))


@blueprint.put(ONE)
@blueprint.arguments(CadetReplace)
@idempotent
@blueprint.response(200, CadetSchema)
def replace_cadet(values, cadet_id):
    """Replace all fields of a cadet. If-Match refuses a change based on another version."""
    actor_id = current_principal().user_id
    return versioned(update_cadet(actor_id=actor_id, cadet_id=cadet_id, values=values, if_match=if_match(), now=clock.now()))


@blueprint.patch(ONE)
@blueprint.arguments(CadetPatch)
@idempotent
@blueprint.response(200, CadetSchema)
def change_cadet(values, cadet_id):
    """Change the given fields of a cadet. If-Match refuses a change based on another version."""
    actor_id = current_principal().user_id
    return versioned(update_cadet(actor_id=actor_id, cadet_id=cadet_id, values=values, if_match=if_match(), now=clock.now()))


@blueprint.delete(ONE)
@blueprint.response(200, CadetSchema)
def archive_cadet(cadet_id):
    """Archive a cadet; nothing is deleted."""
    return versioned(set_archived(cadet_id=cadet_id, archived=True, if_match=if_match(), now=clock.now()))


@blueprint.post(f"{ONE}/restore")
@blueprint.response(200, CadetSchema)
def restore_cadet(cadet_id):
    """Take a cadet back from the archive."""
    return versioned(set_archived(cadet_id=cadet_id, archived=False, if_match=if_match(), now=clock.now()))


@blueprint.post(f"{ONE}/unlock")
@blueprint.response(200, CadetSchema)
def unlock_cadet(cadet_id):
    """Let a cadet change the own profile again."""
    return versioned(unlock_profile(cadet_id=cadet_id, now=clock.now()))
