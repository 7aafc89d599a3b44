"""What a cadet sees: the own grade, attendance, merits and demerits, and nobody else's."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from grading_service.access import access_own_term
from grading_service.operations.cadets import ensure_own_cadet_known
from grading_service.queries.grades import explained_grade
from grading_service.queries.records import POINTS, points_page
from grading_service.queries.roll import OWN_DAYS, own_attendance
from grading_service.schemas.answers import GradeSchema, OwnDaySchema, PointsSchema
from grading_service.schemas.gradebook import OwnGradeArgs, OwnPageArgs
from libs import clock
from libs.web.auth import Mount, current_principal
from libs.web.jsonio import json_response
from libs.web.list_views import listed
from libs.web.pagination import page_of

blueprint = Blueprint("own", __name__, url_prefix="/api/v1/grading/me", description="One's own grade")
mount = Mount(blueprint, read="grading.own", write="grading.own")


@blueprint.get("")
@blueprint.arguments(OwnGradeArgs, location="query")
@blueprint.response(200, GradeSchema)
def get_own_grade(args: dict[str, Any]):
    """Return one's own grade with its explanation; without a term, of the current one."""
    cadet = ensure_own_cadet_known(principal=current_principal())
    term = access_own_term(cadet, args["term_id"], today=clock.today_manila())
    return json_response(explained_grade(cadet, term, args["as_of"]))


@blueprint.get("/attendance")
@listed(blueprint, OWN_DAYS, OwnPageArgs, OwnDaySchema)
def get_own_attendance(args: dict[str, Any]):
    """Return the training days of a term with one's own mark on each."""
    cadet = ensure_own_cadet_known(principal=current_principal())
    term = access_own_term(cadet, args["term_id"], today=clock.today_manila())
    return json_response(own_attendance(cadet["id"], term["id"], page_of(args)))


@blueprint.get("/merits")
@listed(blueprint, POINTS, OwnPageArgs, PointsSchema)
def get_own_points(args: dict[str, Any]):
    """Return one's own merits and demerits, the newest first, voided ones too."""
    cadet = ensure_own_cadet_known(principal=current_principal())
    term = access_own_term(cadet, args["term_id"], today=clock.today_manila())
    return json_response(points_page(page_of(args), term_id=term["id"], cadet_id=cadet["id"]))
