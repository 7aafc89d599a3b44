"""The gradebook and the explained grade of any cadet."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from grading_service.access import access_term
from grading_service.operations.cadets import ensure_cadet_known
from grading_service.queries.gradebook import GRADEBOOK, Filters, gradebook_page
from grading_service.queries.grades import explained_grade
from grading_service.schemas.answers import GradebookRowSchema, GradeSchema
from grading_service.schemas.gradebook import GradeArgs, GradebookArgs
from libs.web.auth import Mount
from libs.web.cache import cached_list
from libs.web.jsonio import json_response
from libs.web.list_views import listed
from libs.web.pagination import page_of

blueprint = Blueprint("gradebook", __name__, url_prefix="/api/v1/grading", description="Gradebook and grades")
mount = Mount(blueprint, read="grading.read", write="grading.read")


@blueprint.get("/gradebook")
@cached_list("grades:{term_id}", "cadets")
@listed(blueprint, GRADEBOOK, GradebookArgs, GradebookRowSchema)
@blueprint.alt_response(304, description="The page is still the one of If-None-Match.")
def get_gradebook(args: dict[str, Any]):
    """Return a page of the gradebook of a term; archived cadets are not in it."""
    term = access_term(args["term_id"])
    filters = Filters(args["company"], args["platoon"], args["search"], args["state"])
    return json_response(gradebook_page(term, page_of(args), filters))


@blueprint.get("/cadets/<int:cadet_id>/grade")
@blueprint.arguments(GradeArgs, location="query")
@blueprint.response(200, GradeSchema)
def get_grade(args: dict[str, Any], cadet_id: int):
    """Return a cadet's grade with its explanation down to the records, now or as it stood at `as_of`."""
    return json_response(explained_grade(ensure_cadet_known(cadet_id=cadet_id), access_term(args["term_id"]), args["as_of"]))
