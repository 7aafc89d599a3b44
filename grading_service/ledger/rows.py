"""Gradebook rows as the database function `gradebook_row` (`sql/gradebook_row.sql`) makes them."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from grading_service.domain.policy import Policy
from libs.web.jsonio import dumps, loads

# Over c (cadet_ref) and g (grade, all NULL for a cadet without any fact).
ROW = "grading.gradebook_row(c, g, :term_id, :no_scores, :all_missing)"


class Rows(NamedTuple):
    """Gradebook rows as a JSON list, which is passed on as it is, and whose they are."""

    json: str
    cadet_ids: list[int]

    def only(self, cadet_ids: Collection[int]) -> Rows:
        """Return the rows of these cadets, in their order."""
        if all(cadet_id in cadet_ids for cadet_id in self.cadet_ids):
            return self
        rows = [row for row in loads(self.json) if row["cadet_id"] in cadet_ids]
        return Rows(dumps(rows).decode(), [row["cadet_id"] for row in rows])


def row_defaults(policy: Policy) -> dict[str, str]:
    """Return the parameters of ROW: what a cadet without any fact shows."""
    exams = list(policy.subject.exams)
    return {
        "no_scores": dumps(dict.fromkeys(exams)).decode(),
        "all_missing": dumps(["attendance", *exams]).decode(),
    }
