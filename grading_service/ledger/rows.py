"""The one shape of a gradebook row, as SQL, for the list; `write_grades` of the database (migration 0004) has the same.

A test holds the answer to a write, and with it the event, against the list.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from grading_service.domain.policy import Policy
from libs.web.jsonio import dumps, loads

# Over c (cadet_ref) and g (grade, all NULL for a cadet without any fact). Grades are text, so that 91.50 stays 91.50.
ROW = """'cadet_id', c.id, 'student_id', c.student_id, 'name', c.name, 'company', c.company, 'platoon', c.platoon,
    'days_counted', coalesce(g.present + g.late + g.excused + g.duty + g.absent, 0),
    'days_present', coalesce(g.present + g.late + g.excused + g.duty, 0),
    'late', coalesce(g.late, 0), 'excused', coalesce(g.excused, 0), 'duty', coalesce(g.duty, 0), 'absent', coalesce(g.absent, 0),
    'merits', coalesce(g.merits, 0), 'demerits', coalesce(g.demerits, 0),
    'scores', coalesce(g.scores, CAST(:no_scores AS jsonb)),
    'attendance', CAST(g.attendance AS text), 'aptitude', CAST(g.aptitude AS text), 'subject', CAST(g.subject AS text),
    'final', CAST(g.final AS text), 'transmuted', g.transmuted, 'state', coalesce(g.state, 'no_data'),
    'missing', coalesce(to_jsonb(g.missing), CAST(:all_missing AS jsonb)), 'version', coalesce(g.version, 0)"""


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
