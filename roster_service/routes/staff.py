"""Training staff."""

from __future__ import annotations

from flask_smorest import Blueprint

from libs import clock
from libs.web.auth import Mount, current_principal
from libs.web.cache import cached_list
from libs.web.etag import if_match
from libs.web.idempotency import idempotent
from libs.web.jsonio import json_response
from libs.web.list_views import listed
from libs.web.pagination import page_of
from roster_service.access import access_staff
from roster_service.operations.staff import create_staff, set_archived, update_staff
from roster_service.queries.staff import LISTING, staff_page
from roster_service.routes.answers import versioned
from roster_service.schemas.staff import StaffCreate, StaffListArgs, StaffPatch, StaffReplace, StaffSchema

ONE = "/<int(min=1, max=2147483647):staff_id>"

blueprint = Blueprint("staff", __name__, url_prefix="/api/v1/staff", description="Training staff")
mount = Mount(blueprint, read="roster.read", write="roster.write")


@blueprint.get("")
@cached_list("staff")
@listed(blueprint, LISTING, StaffListArgs, StaffSchema)
@blueprint.alt_response(304, description="The list is still the one of If-None-Match.")
def list_staff(args):
    """Return a page of staff."""
    return json_response(staff_page(args, page_of(args)))


@blueprint.post("")
@blueprint.arguments(StaffCreate)
@idempotent
@blueprint.response(201, StaffSchema)
def add_staff(values):
    """Add a member of staff."""
    return versioned(create_staff(principal=current_principal(), values=values, now=clock.now()), 201)


@blueprint.get(ONE)
@blueprint.response(200, StaffSchema)
def show_staff(staff_id):
    """Return a member of staff."""
    return versioned(access_staff(staff_id))


@blueprint.put(ONE)
@blueprint.arguments(StaffReplace)
@idempotent
@blueprint.response(200, StaffSchema)
def replace_staff(values, staff_id):
    """Replace all fields of a member of staff. If-Match refuses a change based on another version."""
    return versioned(
        update_staff(principal=current_principal(), staff_id=staff_id, values=values, if_match=if_match(), now=clock.now())
    )


@blueprint.patch(ONE)
@blueprint.arguments(StaffPatch)
@idempotent
@blueprint.response(200, StaffSchema)
def change_staff(values, staff_id):
    """Change the given fields of a member of staff. If-Match refuses a change based on another version."""
    return versioned(
        update_staff(principal=current_principal(), staff_id=staff_id, values=values, if_match=if_match(), now=clock.now())
    )


@blueprint.delete(ONE)
@blueprint.response(200, StaffSchema)
def archive_staff(staff_id):
    """Archive a member of staff; only an admin may."""
    return versioned(
        set_archived(principal=current_principal(), staff_id=staff_id, archived=True, if_match=if_match(), now=clock.now())
    )


@blueprint.post(f"{ONE}/restore")
@blueprint.response(200, StaffSchema)
def restore_staff(staff_id):
    """Take a member of staff back from the archive; only an admin may."""
    return versioned(
        set_archived(principal=current_principal(), staff_id=staff_id, archived=False, if_match=if_match(), now=clock.now())
    )
