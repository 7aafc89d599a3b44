"""Orders of other services."""

from __future__ import annotations

from flask_smorest import Blueprint

from libs import clock
from libs.web.auth import SERVICE, Mount
from task_service.operations.requests import request_job
from task_service.schemas.jobs import JobRequestSchema, TaskIdSchema

blueprint = Blueprint("internal", __name__, url_prefix="/internal/jobs", description="For other services")
mount = Mount(blueprint, read=SERVICE, write=SERVICE)


@blueprint.post("")
@blueprint.arguments(JobRequestSchema)
@blueprint.response(202, TaskIdSchema)
def order_job(args):
    """Store a job and answer at once; the same id again makes no second job."""
    return {"task_id": request_job(job_id=args.pop("id"), now=clock.now(), **args)}
