"""The projections made anew from the record, and the proof that the stored ones equal them.

The same engine reduces the records; only the marks and scores in force are picked by PostgreSQL, which the property tests
hold against the engine's own choice.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from grading_service.domain.records import STATUSES
from grading_service.ledger.projection import Counts, differing, lock_term_grades, write_grades
from grading_service.queries.terms import lock_term
from libs.data.db import transaction
from libs.web.errors import NotFound

log = logging.getLogger(__name__)

_TERM_IDS = text("SELECT id FROM grading.term ORDER BY id")
_MARK = "training_day_id, cadet_id, term_id, record_id, status, occurred_at, ordered_at, device_id, device_seq, actor_id"
_SCORE = "term_id, cadet_id, exam, record_id, value, occurred_at, ordered_at, device_id, device_seq, actor_id"
_STORED_MARKS = f"SELECT {_MARK} FROM grading.mark WHERE term_id = :term_id"  # noqa: S608 - our own expressions, here and below
_STORED_SCORES = f"SELECT {_SCORE} FROM grading.score WHERE term_id = :term_id"  # noqa: S608
_LATEST_MARKS = """SELECT DISTINCT ON (training_day_id, cadet_id) training_day_id, cadet_id, term_id, id AS record_id, status,
        occurred_at, ordered_at, device_id, device_seq, actor_id
    FROM grading.record WHERE term_id = :term_id AND kind = 'attendance' AND set_aside IS NULL
    ORDER BY training_day_id, cadet_id, coalesce(ordered_at, occurred_at) DESC, device_id DESC, device_seq DESC, id DESC"""
_LATEST_SCORES = """SELECT DISTINCT ON (cadet_id, exam) term_id, cadet_id, exam, id AS record_id, value, occurred_at,
        ordered_at, device_id, device_seq, actor_id
    FROM grading.record WHERE term_id = :term_id AND kind = 'score' AND set_aside IS NULL
    ORDER BY cadet_id, exam, coalesce(ordered_at, occurred_at) DESC, device_id DESC, device_seq DESC, id DESC"""
_DAYS = """SELECT training_day_id FROM (
        SELECT DISTINCT ON (training_day_id) training_day_id, kind FROM grading.record
        WHERE term_id = :term_id AND kind LIKE 'day\\_%' ORDER BY training_day_id, occurred_at DESC, device_id DESC, id DESC
    ) d WHERE kind <> 'day_cancelled'"""
# Whose grade has a row: what is set aside makes none, nor does taking it back.
_HAS_EFFECT = "term_id = :term_id AND cadet_id IS NOT NULL AND set_aside IS NULL AND kind <> 'void'"
_DAYS_COUNT = text(f"SELECT count(*) FROM ({_DAYS}) d")  # noqa: S608
_TALLIES = text(
    f"""WITH days AS ({_DAYS}), marks AS ({_LATEST_MARKS}), scores AS ({_LATEST_SCORES}),
        marked AS (
            SELECT cadet_id, {", ".join(f"count(*) FILTER (WHERE status = '{status}') AS {status}" for status in STATUSES)}
            FROM marks JOIN days USING (training_day_id) GROUP BY cadet_id
        ), pointed AS (
            SELECT r.cadet_id, coalesce(sum(points) FILTER (WHERE kind = 'merit'), 0) AS merits,
                coalesce(sum(points) FILTER (WHERE kind = 'demerit'), 0) AS demerits
            FROM grading.record r WHERE term_id = :term_id AND kind IN ('merit', 'demerit')
                AND set_aside IS NULL
                AND NOT EXISTS (SELECT 1 FROM grading.record v WHERE v.target_id = r.id AND v.kind = 'void') GROUP BY r.cadet_id
        ), scored AS (
            SELECT cadet_id, jsonb_object_agg(exam, CAST(value AS text)) AS scores FROM scores GROUP BY cadet_id
        )
        SELECT everyone.cadet_id, {", ".join(f"coalesce(m.{status}, 0) AS {status}" for status in STATUSES)},
            coalesce(p.merits, 0) AS merits, coalesce(p.demerits, 0) AS demerits, coalesce(s.scores, '{{}}') AS scores
        FROM (SELECT DISTINCT cadet_id FROM grading.record WHERE {_HAS_EFFECT}) everyone
            LEFT JOIN marked m USING (cadet_id) LEFT JOIN pointed p USING (cadet_id) LEFT JOIN scored s USING (cadet_id)"""  # noqa: S608
)
_DIFFERENT = text(
    f"""SELECT (SELECT count(*) FROM (({_LATEST_MARKS}) EXCEPT {_STORED_MARKS}) d)
            + (SELECT count(*) FROM ({_STORED_MARKS} EXCEPT ({_LATEST_MARKS})) d) AS marks,
        (SELECT count(*) FROM (({_LATEST_SCORES}) EXCEPT {_STORED_SCORES}) d)
            + (SELECT count(*) FROM ({_STORED_SCORES} EXCEPT ({_LATEST_SCORES})) d) AS scores"""  # noqa: S608
)
_CLEAR = text("DELETE FROM grading.mark WHERE term_id = :term_id"), text("DELETE FROM grading.score WHERE term_id = :term_id")
_FILL = (
    text(f"INSERT INTO grading.mark ({_MARK}) {_LATEST_MARKS}"),
    text(f"INSERT INTO grading.score ({_SCORE}) {_LATEST_SCORES}"),
)
_SET_DAYS = text("UPDATE grading.term SET days_count = :days WHERE id = :term_id")
_FLAGS = text(
    f"""UPDATE grading.training_day d SET is_cancelled = NOT d.is_cancelled WHERE d.term_id = :term_id
        AND d.is_cancelled = (d.id IN ({_DAYS})) RETURNING d.id"""  # noqa: S608
)
_ENSURE = text(
    f"""INSERT INTO grading.grade (term_id, cadet_id) SELECT DISTINCT term_id, cadet_id FROM grading.record
        WHERE {_HAS_EFFECT} ORDER BY cadet_id ON CONFLICT DO NOTHING"""  # noqa: S608
)


@dataclass(frozen=True)
class Difference:
    """How far the projections of a term were from a replay of its record."""

    term_id: int
    marks: int = 0
    scores: int = 0
    grades: int = 0
    days: int = 0

    @property
    def total(self) -> int:
        """Rows that differed."""
        return self.marks + self.scores + self.grades + self.days


def rebuild_terms(*, term_id: int | None, write: bool) -> list[Difference]:
    """Replay the record of one term or of all, compare, and with `write` put right what differs.

    Raises:
        NotFound: no such term.
    """
    with transaction() as session:
        ids = [term_id] if term_id is not None else list(session.execute(_TERM_IDS).scalars())
    return [_rebuild(one, write) for one in ids]


def _rebuild(term_id: int, write: bool) -> Difference:
    values = {"term_id": term_id}
    with transaction() as session:
        if lock_term(term_id) is None:
            raise NotFound("There is no such term.", code="term_not_found")
        if write:
            session.execute(_ENSURE, values)
        held = lock_term_grades(session.connection(), term_id)
        true_days = session.execute(_DAYS_COUNT, values).scalar_one()
        rows = session.execute(_DIFFERENT, values).one()
        counts = {row.cadet_id: _replayed(row, held.counts) for row in session.execute(_TALLIES, values)}
        true = replace(held, counts=counts, days=true_days)
        wrong = differing(true)
        found = Difference(term_id, rows.marks, rows.scores, len(wrong), abs(true_days - held.days))
        if write and found.total:
            _mend(session, term_id, true_days)
            write_grades(session.connection(), term_id, true, wrong)
            log.warning("projections mended", extra={"term_id": term_id, "rows": found.total})
    return found


def _mend(session: Session, term_id: int, days: int) -> None:
    for statement in (*_CLEAR, *_FILL, _FLAGS):
        session.execute(statement, {"term_id": term_id})
    session.execute(_SET_DAYS, {"term_id": term_id, "days": days})


def _replayed(row: Any, stored: dict[int, Counts]) -> Counts:
    known = stored.get(row.cadet_id)
    return Counts(
        cadet_id=row.cadet_id,
        marks={status: getattr(row, status) for status in STATUSES},
        merits=int(row.merits),
        demerits=int(row.demerits),
        scores=row.scores,
        before=known.before if known else {},
    )
