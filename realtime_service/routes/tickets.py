"""Tickets that open a socket."""

from __future__ import annotations

from flask_smorest import Blueprint

from libs.web.auth import Mount
from libs.web.tickets import LIFE_SECONDS, issue_for_request
from realtime_service.schemas.notifications import TicketSchema

blueprint = Blueprint("tickets", __name__, url_prefix="/api/v1/realtime/tickets", description="Live updates")
mount = Mount(blueprint, read="messaging.own", write="messaging.own")


@blueprint.post("")
@blueprint.response(201, TicketSchema)
def make_ticket():
    """Return a ticket that opens one socket within 30 seconds: /ws/updates/?ticket=…

    It stands for the token of this request, without putting that token into an address.
    """
    return {"ticket": issue_for_request(), "expires_in": LIFE_SECONDS}
