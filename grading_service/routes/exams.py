"""Exam scores."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from grading_service.access import access_actor
from grading_service.operations.exams import record_scores
from grading_service.queries.records import SCORES, scores_page
from grading_service.schemas.answers import ScoreSchema
from grading_service.schemas.facts import ScoresBody
from grading_service.schemas.lists import TermCadetPageArgs
from grading_service.schemas.outcomes import OutcomeSchema
from grading_service.schemas.reading import read_scores
from libs import clock
from libs.web.auth import Mount, current_principal
from libs.web.idempotency import idempotent
from libs.web.jsonio import json_response
from libs.web.list_views import listed
from libs.web.pagination import page_of

blueprint = Blueprint("exams", __name__, url_prefix="/api/v1/exams", description="Exam scores")
mount = Mount(blueprint, read="grading.read", write="grading.score")


@blueprint.get("/scores")
@listed(blueprint, SCORES, TermCadetPageArgs, ScoreSchema)
def list_scores(args: dict[str, Any]):
    """List score records, the newest first, with the one in force marked."""
    return json_response(scores_page(page_of(args), term_id=args["term_id"], cadet_id=args["cadet_id"]))


@blueprint.post("/scores")
@blueprint.arguments(ScoresBody())
@idempotent
@blueprint.response(200, OutcomeSchema)
def score(body: dict[str, Any]):
    """Store up to 500 scores; each is judged by itself and known by its id."""
    scores, rejected = read_scores(body["scores"], access_actor(current_principal(), body.get("actor")))
    outcome = record_scores(scores=scores, rejected=rejected, now=clock.now())
    return json_response(outcome.to_dict())
