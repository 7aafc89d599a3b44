"""What other services may ask of the roster: cadets and staff as the events describe them, and its housekeeping."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from libs.clients.http import ServiceClient
from libs.config import Settings
from libs.web.errors import UpstreamDown

# A single row is asked for while somebody waits; a page of the reconcile feed by a job.
ROW_TIMEOUT, FEED_TIMEOUT = 3.0, 15.0
FEED_LIMIT = 500

Row = dict[str, Any]

# PostgreSQL's integer: nobody has a larger id, whatever a path asks for.
MOST_ID = 2_147_483_647


class RosterClient:
    """Reads cadets and staff, archived ones included, and has old previews deleted.

    A cadet is {id, student_id, username, rank, first_name, middle_name, last_name, suffix_name, email, gender, course,
    year_level, school_year, battalion, company, platoon, cadet_course, semester, corp_position, status, is_archived,
    withdrawn, version}, where `withdrawn` marks the record of an import that was undone; a member of staff {id, rank,
    first_name, middle_name, last_name, suffix_name, email, position, is_archived, version}. Every method raises UpstreamDown
    when the roster does not answer or refuses us.
    """

    def __init__(self, settings: Settings) -> None:
        self._http = ServiceClient(settings, "roster")

    def get_cadet(self, cadet_id: int) -> Row | None:
        """Return one cadet; None when there is none."""
        return self._one(f"/internal/cadets/{cadet_id}")

    def get_cadets(self, cadet_ids: Collection[int]) -> list[Row]:
        """Return those of up to 500 cadets that exist, by id, in one call."""
        path = "/internal/cadets/lookup"
        status, body = self._http.post(
            path, timeout=ROW_TIMEOUT, json={"ids": sorted(id_ for id_ in cadet_ids if id_ <= MOST_ID)}
        )
        found: list[Row] = self._answered(path, status, body)["data"]
        return found

    def list_cadets(self, cursor: str | None = None, *, limit: int = FEED_LIMIT) -> tuple[list[Row], str | None]:
        """Return a page of all cadets by id, and the cursor of the next page; None after the last."""
        return self._page("/internal/cadets", cursor, limit)

    def each_cadet(self) -> Iterator[Row]:
        """Yield every cadet by id, a page at a time."""
        return self._each("/internal/cadets")

    def get_staff(self, staff_id: int) -> Row | None:
        """Return one member of staff; None when there is none."""
        return self._one(f"/internal/staff/{staff_id}")

    def list_staff(self, cursor: str | None = None, *, limit: int = FEED_LIMIT) -> tuple[list[Row], str | None]:
        """Return a page of all staff by id, and the cursor of the next page; None after the last."""
        return self._page("/internal/staff", cursor, limit)

    def each_staff(self) -> Iterator[Row]:
        """Yield every member of staff by id, a page at a time."""
        return self._each("/internal/staff")

    def clean_imports(self, *, timeout: float = 60.0) -> int:
        """Delete previews of imports that nobody applied within a day; return how many."""
        status, body = self._http.post("/internal/cleanup/imports", timeout=timeout)
        return self._answered("/internal/cleanup/imports", status, body)["deleted"]

    def _one(self, path: str) -> Row | None:
        status, body = self._http.get(path, timeout=ROW_TIMEOUT)
        if status == 404:
            return None
        return self._answered(path, status, body)

    def _page(self, path: str, cursor: str | None, limit: int) -> tuple[list[Row], str | None]:
        status, body = self._http.get(path, timeout=FEED_TIMEOUT, params={"cursor": cursor, "limit": limit})
        page = self._answered(path, status, body)
        return page["data"], page["next_cursor"]

    def _each(self, path: str) -> Iterator[Row]:
        cursor: str | None = None
        while True:
            rows, cursor = self._page(path, cursor, FEED_LIMIT)
            yield from rows
            if cursor is None:
                return

    @staticmethod
    def _answered(path: str, status: int, body: Any) -> Any:
        if status != 200:
            raise UpstreamDown(details={"service": "roster", "path": path, "status": status})
        return body
