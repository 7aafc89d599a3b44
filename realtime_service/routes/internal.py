"""What other services of RGMS may ask of realtime."""

from __future__ import annotations

from flask_smorest import Blueprint

from libs import clock
from libs.web.auth import SERVICE, Mount
from realtime_service.operations.notifications import create_notifications
from realtime_service.schemas.notifications import NewNotificationsSchema, StoredSchema

blueprint = Blueprint("internal", __name__, url_prefix="/internal/notifications", description="For other services")
mount = Mount(blueprint, read=SERVICE, write=SERVICE)


@blueprint.post("")
@blueprint.arguments(NewNotificationsSchema)
@blueprint.response(200, StoredSchema)
def notify(args):
    """Tell people something; the same id again is told once."""
    return create_notifications(notifications=args["notifications"], now=clock.now())
