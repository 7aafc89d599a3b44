"""Auth as other services see it: who the accounts are, and the housekeeping that a schedule asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from libs.clients.http import ServiceClient
from libs.config import Settings
from libs.contracts.events.delivery import in_batches
from libs.web.errors import UpstreamDown

# The most cadets that one question names.
MOST_CADETS = 1000


class AuthClient:
    """Reads accounts and has old sessions and tokens deleted. Every method raises UpstreamDown when auth does not answer.

    An account is {id, username, role, positions, cadet_id, staff_id, display_name, must_change_password,
    has_second_factor, email}.
    """

    def __init__(self, settings: Settings) -> None:
        self._http = ServiceClient(settings, "auth")

    def users(
        self, *, user_ids: Sequence[int] = (), cadet_ids: Sequence[int] = (), role: str | None = None, timeout: float = 3.0
    ) -> list[dict[str, Any]]:
        """Return the active accounts with these ids, of these cadets or of this role; at most 1,000.

        Ids go into the address of a GET, so ask for at most 200 at once.
        """
        params = {"user_id": list(user_ids), "cadet_id": list(cadet_ids), "role": role}
        return self._answered(*self._http.get("/internal/users", timeout=timeout, params=params))["data"]

    def activated_cadets(self, cadet_ids: Sequence[int], *, timeout: float = 10.0) -> set[int]:
        """Return those of these cadets whose account has a password."""
        found: set[int] = set()
        for batch in in_batches(cadet_ids, MOST_CADETS):
            answer = self._http.post("/internal/cadets/activated", timeout=timeout, json={"cadet_ids": list(batch)})
            found.update(self._answered(*answer)["cadet_ids"])
        return found

    def clean_sessions(self, *, timeout: float = 60.0) -> int:
        """Delete sessions that ended more than thirty days ago; return how many."""
        return self._answered(*self._http.post("/internal/cleanup/sessions", timeout=timeout))["deleted"]

    def clean_tokens(self, *, timeout: float = 60.0) -> int:
        """Delete expired tokens, codes and links; return how many."""
        return self._answered(*self._http.post("/internal/cleanup/tokens", timeout=timeout))["deleted"]

    @staticmethod
    def _answered(status: int, body: Any) -> Any:
        if status != 200:
            raise UpstreamDown(details={"service": "auth", "status": status})
        return body
