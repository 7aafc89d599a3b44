"""Order reports."""

from __future__ import annotations

from flask_smorest import Blueprint

from libs import clock
from libs.web.auth import Mount, current_principal
from libs.web.idempotency import idempotent
from task_service.operations import requests
from task_service.schemas.jobs import ReportSchema, TaskIdSchema

blueprint = Blueprint("reports", __name__, url_prefix="/api/v1/reports", description="Order reports")
mount = Mount(blueprint, read="reports.request", write="reports.request")


@blueprint.post("")
@blueprint.arguments(ReportSchema)
@idempotent
@blueprint.response(202, TaskIdSchema)
def order_report(args):
    """Order a grade sheet; it is made in the background and appears among the caller's files."""
    kind, owner = args.pop("kind"), current_principal().user_id
    return {"task_id": requests.order_report(kind=kind, params=args, requested_by=owner, now=clock.now())}
