"""Follow background jobs."""

from __future__ import annotations

from flask_smorest import Blueprint

from libs.web.auth import current_principal
from libs.web.pagination import list_shape, page_of
from task_service.access import access_job, whose_jobs
from task_service.queries.jobs import jobs_page
from task_service.schemas.jobs import TaskListArgs, TaskListSchema, TaskSchema

blueprint = Blueprint("tasks", __name__, url_prefix="/api/v1/tasks", description="Background jobs")


@blueprint.get("")
@blueprint.arguments(TaskListArgs, location="query")
@blueprint.response(200, TaskListSchema)
def list_tasks(args):
    """List the caller's jobs, newest first; an admin sees everybody's."""
    page = page_of(args)
    rows, total = jobs_page(whose_jobs(current_principal()), args["status"], args["kind"], page)
    return list_shape(rows, page, total)


@blueprint.get("/<uuid:task_id>")
@blueprint.response(200, TaskSchema)
def show_task(task_id):
    """Return how far a job is."""
    return access_job(current_principal(), task_id)
