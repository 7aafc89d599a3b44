"""HTTP doors, each mounted beside the permission it needs."""

from libs.web.auth import SERVICE, Mount
from realtime_service.routes import internal, notifications, tickets

ALL = [
    Mount(notifications.blueprint, read="messaging.own", write="messaging.own"),
    Mount(tickets.blueprint, read="messaging.own", write="messaging.own"),
    Mount(internal.blueprint, read=SERVICE, write=SERVICE),
]
