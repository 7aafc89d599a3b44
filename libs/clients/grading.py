"""What other services may ask of grading: a term, its gradebook row by row, and the check of its projections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from libs.clients.http import ServiceClient
from libs.config import Settings
from libs.contracts.events.delivery import in_batches
from libs.web.errors import NotFound, UpstreamDown

# A term is asked for while somebody waits; the rest by a job.
ROW_TIMEOUT, FEED_TIMEOUT, JOB_TIMEOUT = 3.0, 15.0, 120.0
FEED_LIMIT = 500
# The most cadets that one question names.
MOST_CADETS = 1000

Row = dict[str, Any]


class GradingClient:
    """Reads terms and grades.

    A term is as GET /api/v1/terms/{id} answers it, with `policy` (the rules as GET .../policy answers them) and
    `training_days` (all, cancelled ones too). A grade is a row of the gradebook. Every method raises UpstreamDown when
    grading does not answer or refuses us.
    """

    def __init__(self, settings: Settings) -> None:
        self._http = ServiceClient(settings, "grading")

    def get_term(self, term_id: int) -> Row:
        """Return one term with its policy and training days; NotFound when there is none."""
        status, body = self._http.get(f"/internal/terms/{term_id}", timeout=ROW_TIMEOUT)
        return self._answered(status, body)

    def list_grades(
        self, term_id: int, *, company: str | None = None, cursor: str | None = None
    ) -> tuple[list[Row], str | None, int]:
        """Return up to 500 gradebook rows by name, the cursor of the next page (None after the last), and the total."""
        params = {"term_id": term_id, "company": company, "cursor": cursor, "limit": FEED_LIMIT}
        status, body = self._http.get("/internal/gradebook", timeout=FEED_TIMEOUT, params=params)
        page = self._answered(status, body)
        return page["data"], page["next_cursor"], page["total"]

    def each_grade(self, term_id: int, *, company: str | None = None) -> Iterator[Row]:
        """Yield every gradebook row of a term, or of one company, by name."""
        cursor: str | None = None
        while True:
            rows, cursor, _total = self.list_grades(term_id, company=company, cursor=cursor)
            yield from rows
            if cursor is None:
                return

    def cadets_with_records(self, cadet_ids: Sequence[int]) -> set[int]:
        """Return those of these cadets of whom there is any graded fact, in any term, voided ones included."""
        found: set[int] = set()
        for batch in in_batches(cadet_ids, MOST_CADETS):
            answer = self._http.post("/internal/cadets/with-records", timeout=FEED_TIMEOUT, json={"cadet_ids": list(batch)})
            found.update(self._answered(*answer)["cadet_ids"])
        return found

    def sync(self) -> Row:
        """Compare the cadets with the roster and every grade with a replay of the record; mend and return what differed.

        The answer is {cadets_mended, terms_checked, grades_mended}.
        """
        status, body = self._http.post("/internal/sync", timeout=JOB_TIMEOUT)
        return self._answered(status, body)

    @staticmethod
    def _answered(status: int, body: Any) -> Any:
        if status == 404:
            raise NotFound("There is no such term.", code="term_not_found")
        if status != 200:
            raise UpstreamDown(details={"service": "grading", "status": status})
        return body
