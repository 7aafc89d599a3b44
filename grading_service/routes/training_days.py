"""Training days."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from grading_service.access import access_term, access_training_day
from grading_service.operations import training_days as operations
from grading_service.queries.series import planned_series
from grading_service.queries.terms import TRAINING_DAYS, marks_on, training_days_page
from grading_service.schemas.lists import TermPageArgs
from grading_service.schemas.terms import (
    CancelFields,
    MarkedDaySchema,
    SeriesFields,
    SeriesPlanSchema,
    SeriesSchema,
    TrainingDayChanges,
    TrainingDayFields,
    TrainingDaySchema,
)
from libs import clock
from libs.web.auth import AUTHENTICATED, Mount, current_principal
from libs.web.cache import cached_list
from libs.web.etag import etag_for, if_match
from libs.web.idempotency import idempotent
from libs.web.jsonio import json_response
from libs.web.list_views import listed
from libs.web.pagination import page_of

blueprint = Blueprint("training_days", __name__, url_prefix="/api/v1/training-days", description="Training days")
# A day holds nothing personal, and a cadet sees it on the own record of attendance.
mount = Mount(blueprint, read=AUTHENTICATED, write="terms.manage")


@blueprint.get("")
@cached_list("training_days")
@listed(blueprint, TRAINING_DAYS, TermPageArgs, TrainingDaySchema)
@blueprint.alt_response(304, description="The list is still the one of If-None-Match.")
def list_training_days(args: dict[str, Any]):
    """List training days by date."""
    return json_response(training_days_page(page_of(args), term_id=args["term_id"]))


@blueprint.post("")
@blueprint.arguments(TrainingDayFields)
@idempotent
@blueprint.response(201, TrainingDaySchema)
def create_training_day(fields: dict[str, Any]):
    """Add a training day to a term."""
    day = operations.create_training_day(fields=fields, actor_id=current_principal().user_id, now=clock.now())
    return json_response(day, 201, {"ETag": etag_for(day["version"])})


@blueprint.post("/series")
@blueprint.arguments(SeriesFields)
@idempotent
@blueprint.response(201, SeriesSchema)
def create_series(fields: dict[str, Any]):
    """Add a weekly series of training days, all or none."""
    days = operations.create_series(**fields, actor_id=current_principal().user_id, now=clock.now())
    return json_response({"created": days}, 201)


@blueprint.post("/series/preview")
@blueprint.arguments(SeriesFields)
@blueprint.response(200, SeriesPlanSchema)
def preview_series(fields: dict[str, Any]):
    """Return the days that a weekly series would make; nothing is stored."""
    term = access_term(fields.pop("term_id"))
    return json_response({"days": planned_series(term, **fields)})


@blueprint.get("/<int:day_id>")
@blueprint.response(200, MarkedDaySchema)
def get_training_day(day_id: int):
    """Return one training day and how many marks stand on it."""
    day = access_training_day(day_id)
    return json_response({**day, "marks": marks_on(day_id)}, headers={"ETag": etag_for(day["version"])})


@blueprint.patch("/<int:day_id>")
@blueprint.arguments(TrainingDayChanges)
@idempotent
@blueprint.response(200, TrainingDaySchema)
def update_training_day(changes: dict[str, Any], day_id: int):
    """Change a training day; If-Match guards against another's change."""
    day = operations.update_training_day(day_id=day_id, changes=changes, if_match=if_match(), now=clock.now())
    return json_response(day, headers={"ETag": etag_for(day["version"])})


@blueprint.post("/<int:day_id>/cancel")
@blueprint.arguments(CancelFields)
@idempotent
@blueprint.response(200, TrainingDaySchema)
def cancel_training_day(fields: dict[str, Any], day_id: int):
    """Take a training day out of the count of every grade; its marks are kept."""
    principal = current_principal()
    day = operations.cancel_training_day(
        day_id=day_id, reason=fields["reason"], actor_id=principal.user_id, if_match=if_match(), now=clock.now()
    )
    return json_response(day, headers={"ETag": etag_for(day["version"])})


@blueprint.post("/<int:day_id>/reinstate")
@idempotent
@blueprint.response(200, TrainingDaySchema)
def reinstate_training_day(day_id: int):
    """Count a cancelled training day again."""
    day = operations.reinstate_training_day(
        day_id=day_id, actor_id=current_principal().user_id, if_match=if_match(), now=clock.now()
    )
    return json_response(day, headers={"ETag": etag_for(day["version"])})
