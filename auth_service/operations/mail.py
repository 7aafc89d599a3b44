"""Handing an e-mail to the tasks service."""

from collections.abc import Mapping

from flask import current_app

from libs.contracts.tasks import EMAIL
from libs.web.errors import UpstreamDown

MAIL_SECONDS = 5.0


def mail_to(to: str, *, name: str, template: str, values: Mapping[str, str | None]) -> bool:
    """Queue an e-mail, outside any transaction; return whether the tasks service took it."""
    params = {"template": template, "to": to, "name": name, "values": dict(values)}
    try:
        current_app.extensions["auth_tasks"].enqueue(EMAIL.kind, params, None, timeout=MAIL_SECONDS)
    except UpstreamDown:
        current_app.logger.error("an e-mail could not be queued", extra={"template": template})
        return False
    return True
