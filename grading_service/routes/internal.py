"""For other services: a term as a document needs it, its gradebook in long pages, and the check of the projections."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from grading_service.access import access_term
from grading_service.operations.sync import sync
from grading_service.queries.cadets import cadets_with_records
from grading_service.queries.gradebook import Filters, gradebook_page
from grading_service.queries.policies import policy_rules
from grading_service.queries.terms import training_days_of
from grading_service.schemas.gradebook import CadetIdsArgs, FeedArgs
from libs.web.auth import SERVICE, Mount
from libs.web.jsonio import json_response
from libs.web.pagination import Page, decode_cursor

blueprint = Blueprint("internal", __name__, url_prefix="/internal", description="For other services")
mount = Mount(blueprint, read=SERVICE, write=SERVICE)


@blueprint.get("/terms/<int:term_id>")
@blueprint.response(200)
def get_term(term_id: int):
    """Return a term with its policy and all its training days."""
    term = access_term(term_id)
    return json_response(term | {"policy": policy_rules(term["policy_version"]), "training_days": training_days_of(term_id)})


@blueprint.get("/gradebook")
@blueprint.arguments(FeedArgs, location="query")
@blueprint.response(200)
def get_gradebook(args: dict[str, Any]):
    """Return a long page of the gradebook by name."""
    page = Page(limit=args["limit"], cursor=decode_cursor(args["cursor"]) if args["cursor"] else None)
    return json_response(gradebook_page(access_term(args["term_id"]), page, Filters(company=args["company"])))


@blueprint.post("/cadets/with-records")
@blueprint.arguments(CadetIdsArgs)
@blueprint.response(200)
def post_cadets_with_records(args: dict[str, Any]):
    """Return those of these cadets of whom there is any graded fact: an import that made them may not be undone."""
    return json_response({"cadet_ids": cadets_with_records(args["cadet_ids"])})


@blueprint.post("/sync")
@blueprint.response(200)
def post_sync():
    """Compare cadets with the roster and grades with the record, and mend what differs."""
    return json_response(sync())
