"""For the other services: single rows, and everybody by id to reconcile with."""

from __future__ import annotations

from flask_smorest import Blueprint

from libs import clock
from libs.web.auth import SERVICE, Mount
from libs.web.errors import NotFound
from libs.web.jsonio import json_response
from roster_service.operations.import_previews import forget_previews
from roster_service.queries import cadets, staff
from roster_service.schemas.internal import FeedArgs, FeedSchema, LookupBody

blueprint = Blueprint("internal", __name__, url_prefix="/internal", description="For the other services")
mount = Mount(blueprint, read=SERVICE, write=SERVICE)


@blueprint.get("/cadets")
@blueprint.arguments(FeedArgs, location="query")
@blueprint.response(200, FeedSchema)
def feed_of_cadets(args):
    """Return all cadets by id, archived ones included."""
    return _feed(cadets.snapshots_after(args["cursor"], args["limit"]), args["limit"])


@blueprint.get("/cadets/<int(min=1, max=2147483647):cadet_id>")
@blueprint.response(200)
def snapshot_of_cadet(cadet_id):
    """Return one cadet, archived or not."""
    return _found(cadets.snapshot_of(cadet_id))


@blueprint.post("/cadets/lookup")
@blueprint.arguments(LookupBody)
@blueprint.response(200, FeedSchema)
def look_up_cadets(body):
    """Return those of these cadets that exist, archived or not, by id."""
    return json_response({"data": cadets.snapshots_of(body["ids"]), "next_cursor": None})


@blueprint.get("/staff")
@blueprint.arguments(FeedArgs, location="query")
@blueprint.response(200, FeedSchema)
def feed_of_staff(args):
    """Return all staff by id, archived ones included."""
    return _feed(staff.snapshots_after(args["cursor"], args["limit"]), args["limit"])


@blueprint.get("/staff/<int(min=1, max=2147483647):staff_id>")
@blueprint.response(200)
def snapshot_of_staff(staff_id):
    """Return one member of staff, archived or not."""
    return _found(staff.snapshot_of(staff_id))


@blueprint.post("/cleanup/imports")
@blueprint.response(200)
def clean_imports():
    """Delete previews of imports that nobody applied within a day."""
    return json_response({"deleted": forget_previews(now=clock.now())})


def _feed(rows, limit):
    return json_response({"data": rows, "next_cursor": str(rows[-1]["id"]) if len(rows) == limit else None})


def _found(row):
    if row is None:
        raise NotFound()
    return json_response(row)
