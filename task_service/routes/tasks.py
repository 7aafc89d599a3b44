"""Follow background jobs."""

from __future__ import annotations

from flask_smorest import Blueprint

from libs.web.auth import Mount, current_principal
from libs.web.jsonio import json_response
from libs.web.list_views import listed
from libs.web.pagination import page_of
from task_service.access import access_job, whose_jobs
from task_service.queries.jobs import JOBS, jobs_page
from task_service.schemas.jobs import TaskListArgs, TaskSchema

blueprint = Blueprint("tasks", __name__, url_prefix="/api/v1/tasks", description="Background jobs")
mount = Mount(blueprint, read="ops.own", write="ops.own")


@blueprint.get("")
@listed(blueprint, JOBS, TaskListArgs, TaskSchema)
def list_tasks(args):
    """List the caller's jobs, newest first; an admin sees everybody's."""
    return json_response(jobs_page(whose_jobs(current_principal()), args["status"], args["kind"], page_of(args)))


@blueprint.get("/<uuid:task_id>")
@blueprint.response(200, TaskSchema)
def show_task(task_id):
    """Return how far a job is."""
    return access_job(current_principal(), task_id)
