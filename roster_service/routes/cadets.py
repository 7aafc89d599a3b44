"""The roster as a whole: list, new cadets, archiving many."""

from __future__ import annotations

from flask_smorest import Blueprint

from libs import clock
from libs.web.auth import Mount
from libs.web.cache import cached_list
from libs.web.idempotency import idempotent
from libs.web.jsonio import json_response
from libs.web.list_views import listed
from libs.web.pagination import page_of
from roster_service.operations.bulk import set_many_archived
from roster_service.operations.cadets import create_cadet
from roster_service.queries.cadets import LISTING, cadets_page
from roster_service.routes.answers import versioned
from roster_service.schemas.cadets import BulkResult, CadetCreate, CadetIds, CadetListArgs, CadetSchema

blueprint = Blueprint("cadets", __name__, url_prefix="/api/v1/cadets", description="Cadets")
mount = Mount(blueprint, read="roster.read", write="roster.write")


@blueprint.get("")
@cached_list("cadets")
@listed(blueprint, LISTING, CadetListArgs, CadetSchema)
@blueprint.alt_response(304, description="The list is still the one of If-None-Match.")
def list_cadets(args):
    """Return a page of cadets."""
    return json_response(cadets_page(args, page_of(args)))


@blueprint.post("")
@blueprint.arguments(CadetCreate)
@idempotent
@blueprint.response(201, CadetSchema)
def add_cadet(values):
    """Add a cadet."""
    return versioned(create_cadet(values=values, now=clock.now()), 201)


@blueprint.post("/archive")
@blueprint.arguments(CadetIds)
@idempotent
@blueprint.response(200, BulkResult)
def archive_many(values):
    """Archive up to 500 cadets, all of them or none."""
    return json_response(set_many_archived(cadet_ids=values["ids"], archived=True, now=clock.now()))


@blueprint.post("/restore")
@blueprint.arguments(CadetIds)
@idempotent
@blueprint.response(200, BulkResult)
def restore_many(values):
    """Restore up to 500 cadets, all of them or none."""
    return json_response(set_many_archived(cadet_ids=values["ids"], archived=False, now=clock.now()))
