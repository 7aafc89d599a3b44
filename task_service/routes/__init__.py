"""HTTP doors, each mounted beside the permission it needs."""

from libs.web.auth import SERVICE, Mount
from task_service.routes import internal, reports, tasks

ALL = [
    Mount(reports.blueprint, read="reports.request", write="reports.request"),
    Mount(tasks.blueprint, read="ops.own", write="ops.own"),
    Mount(internal.blueprint, read=SERVICE, write=SERVICE),
]
