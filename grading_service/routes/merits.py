"""Merits and demerits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from grading_service.access import access_actor
from grading_service.operations.merits import record_points, void_points
from grading_service.queries.records import POINTS, points_page
from grading_service.schemas.answers import PointsSchema
from grading_service.schemas.facts import PointsBody, VoidFields
from grading_service.schemas.lists import TermCadetPageArgs
from grading_service.schemas.outcomes import OutcomeSchema
from grading_service.schemas.reading import read_points, void_fact
from libs import clock
from libs.web.auth import Mount, current_principal
from libs.web.idempotency import idempotent
from libs.web.jsonio import json_response
from libs.web.list_views import listed
from libs.web.pagination import page_of

blueprint = Blueprint("merits", __name__, url_prefix="/api/v1/merits", description="Merits and demerits")
mount = Mount(blueprint, read="grading.read", write="grading.merit")


@blueprint.get("/records")
@listed(blueprint, POINTS, TermCadetPageArgs, PointsSchema)
def list_points(args: dict[str, Any]):
    """List merits and demerits, the newest first, voided ones too."""
    return json_response(points_page(page_of(args), term_id=args["term_id"], cadet_id=args["cadet_id"]))


@blueprint.post("/records")
@blueprint.arguments(PointsBody())
@idempotent
@blueprint.response(200, OutcomeSchema)
def record(body: dict[str, Any]):
    """Store up to 500 merits and demerits; each is judged by itself and known by its id."""
    records, rejected = read_points(body["records"], access_actor(current_principal(), body.get("actor")))
    outcome = record_points(records=records, rejected=rejected, now=clock.now())
    return json_response(outcome.to_dict())


@blueprint.post("/records/<uuid:record_id>/void")
@blueprint.arguments(VoidFields)
@idempotent
@blueprint.response(200, OutcomeSchema)
def void(args: dict[str, Any], record_id: UUID):
    """Cancel a merit or demerit by a further record; both stay in the log."""
    fact = void_fact(args, access_actor(current_principal(), args.get("actor")))
    outcome = void_points(record_id=str(record_id), void=fact, now=clock.now())
    return json_response(outcome.to_dict())
