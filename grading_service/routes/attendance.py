"""The roll and its marks."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from grading_service.access import access_actor, access_term, access_training_day
from grading_service.operations.attendance import mark_attendance
from grading_service.queries.disagreements import DISAGREEMENTS, disagreements_page
from grading_service.queries.roll import ROLL, roll_page
from grading_service.schemas.answers import RollRowSchema
from grading_service.schemas.facts import MarksBody
from grading_service.schemas.gradebook import DisagreementArgs, RollArgs
from grading_service.schemas.outcomes import DisagreementSchema, OutcomeSchema
from grading_service.schemas.reading import read_marks
from libs import clock
from libs.web.auth import Mount, current_principal
from libs.web.idempotency import idempotent
from libs.web.jsonio import json_response
from libs.web.list_views import listed
from libs.web.pagination import page_of

blueprint = Blueprint("attendance", __name__, url_prefix="/api/v1/attendance", description="Attendance")
mount = Mount(blueprint, read="grading.read", write="grading.mark")


@blueprint.get("")
@listed(blueprint, ROLL, RollArgs, RollRowSchema)
def get_roll(args: dict[str, Any]):
    """Return the roll of a training day: every cadet with the mark in force, or none."""
    day = access_training_day(args["training_day_id"])
    term = access_term(day["term_id"])
    return json_response(roll_page(day, term, page_of(args), company=args["company"], platoon=args["platoon"]))


@blueprint.get("/disagreements")
@listed(blueprint, DISAGREEMENTS, DisagreementArgs, DisagreementSchema)
def list_disagreements(args: dict[str, Any]):
    """List the marks about which two devices disagree, the latest first, until a correction names what it `supersedes`."""
    access_term(args["term_id"])
    return json_response(disagreements_page(page_of(args), term_id=args["term_id"], training_day_id=args["training_day_id"]))


@blueprint.post("/marks")
@blueprint.arguments(MarksBody())
@idempotent
@blueprint.response(200, OutcomeSchema)
def mark(body: dict[str, Any]):
    """Store up to 500 marks; each is judged by itself and known by its id."""
    marks, rejected = read_marks(body["marks"], access_actor(current_principal(), body.get("actor")))
    outcome = mark_attendance(marks=marks, rejected=rejected, now=clock.now())
    return json_response(outcome.to_dict())
