"""/api/v1: every request that the route table gives to a service."""

from __future__ import annotations

from flask import Blueprint, Response, current_app

from gateway.proxy import Proxy
from gateway.request_context import current
from gateway.route_table import METHODS
from libs.web.errors import NotFound

blueprint = Blueprint("api", __name__)


@blueprint.route("/api/v1/<path:path>", methods=sorted(METHODS))
def api(path: str) -> Response:
    """The answer of the service that owns this path, which the route table has read."""
    route = current().route
    proxy: Proxy = current_app.extensions["rgms_proxy"]
    if route is None or route.upstream not in proxy.upstreams:
        raise NotFound()
    return proxy.forward(route)
