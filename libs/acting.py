"""On whose behalf the present work is done; the audit (`libs.data.audit`) writes it beside every change."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts.

    Attributes:
        actor_id: the account; None for a stranger, a service or the command line.
        actor: its user name, or what acts instead of a person, such as `service roster`.
        request_id, address: of the request; empty where there is none.
    """

    actor_id: int | None = None
    actor: str = ""
    request_id: str = ""
    address: str = ""


NOBODY = Acting()
acting: ContextVar[Acting] = ContextVar("acting", default=NOBODY)
