"""A person's own notifications."""

from __future__ import annotations

from flask_smorest import Blueprint

from libs import clock
from libs.web.auth import Mount, current_principal
from libs.web.idempotency import idempotent
from libs.web.jsonio import json_response
from libs.web.list_views import listed
from libs.web.pagination import page_of
from realtime_service.operations.notifications import read_all_notifications, read_notification
from realtime_service.queries.notifications import NOTIFICATIONS, notifications_of_user, unread_count
from realtime_service.schemas.notifications import (
    NotificationArgs,
    NotificationSchema,
    ReadSchema,
    UnreadSchema,
)

blueprint = Blueprint("notifications", __name__, url_prefix="/api/v1/notifications", description="Notifications")
mount = Mount(blueprint, read="messaging.own", write="messaging.own")


@blueprint.get("")
@listed(blueprint, NOTIFICATIONS, NotificationArgs, NotificationSchema)
def list_notifications(args):
    """List one's notifications, newest first."""
    return json_response(notifications_of_user(current_principal().user_id, unread=args["unread"], page=page_of(args)))


@blueprint.get("/unread-count")
@blueprint.response(200, UnreadSchema)
def count_unread():
    """Return how many of one's notifications are unread."""
    return {"unread": unread_count(current_principal().user_id)}


@blueprint.post("/<uuid:notification_id>/read")
@idempotent
@blueprint.response(200, NotificationSchema)
def mark_read(notification_id):
    """Mark one notification as read; a second time changes nothing."""
    return read_notification(principal=current_principal(), notification_id=notification_id, now=clock.now())


@blueprint.post("/read-all")
@idempotent
@blueprint.response(200, ReadSchema)
def mark_all_read():
    """Mark all of one's notifications as read."""
    return {"read": read_all_notifications(principal=current_principal(), now=clock.now())}
