"""Appending facts to the record: idempotent by id, each on its own merits, none spoiling the rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from orjson import Fragment
from sqlalchemy import Connection, text

from grading_service.domain.facts import ID_CONFLICT, NewRecord, Rejected
from grading_service.domain.records import VOID
from grading_service.ledger.projection import LockedGrades, locked_grades_of
from grading_service.ledger.rows import Rows
from libs.web.jsonio import dumps

Row = dict[str, Any]

ALREADY_VOID = "already_void"

_ITEM = """id uuid, kind text, cadet_id integer, occurred_at timestamptz, term_id integer, training_day_id integer, exam text,
    status text, points smallint, value numeric, target_id uuid, reason text, device_id text, device_seq bigint"""
# In the driver's own form: a statement of SQLAlchemy's takes 20 µs more, three times in every mark.
INSERT_RECORDS = "SELECT * FROM grading.insert_records(%(facts)s::json, %(now)s)"
# Why a fact was not stored: its record exists (with the same content or another), or something it speaks of does not.
_WHY_NOT = text(
    f"""SELECT CAST(f.id AS text) AS id, r.id IS NOT NULL AS exists, r.term_id, t.id IS NOT NULL AS term_known,
            f.training_day_id IS NULL OR d.id IS NOT NULL AS day_known, c.id IS NOT NULL AS cadet_known,
            (r.kind, r.cadet_id, r.training_day_id, r.exam, r.status, r.points, r.value, r.target_id, r.reason, r.occurred_at,
                r.device_id, r.device_seq) IS NOT DISTINCT FROM
            (f.kind, f.cadet_id, f.training_day_id, f.exam, f.status, f.points, f.value, f.target_id, f.reason, f.occurred_at,
                f.device_id, f.device_seq) AND (f.term_id IS NULL OR f.term_id = r.term_id) AS same
        FROM json_to_recordset(CAST(:facts AS json)) AS f({_ITEM})
            LEFT JOIN grading.record r ON r.id = f.id
            LEFT JOIN grading.training_day d ON d.id = f.training_day_id
            LEFT JOIN grading.term t ON t.id = coalesce(d.term_id, f.term_id)
            LEFT JOIN grading.cadet_ref c ON c.id = f.cadet_id"""  # noqa: S608 - our own column list
)


class Stored(NamedTuple):
    """A stored fact: whether it is in force, and the status of the mark that it replaced."""

    fact: NewRecord
    in_force: bool
    replaced: str | None


class TermBatch(NamedTuple):
    """The facts stored for one term, and the grades that they move, held until the transaction ends."""

    term_id: int
    stored: list[Stored]
    held: LockedGrades


@dataclass
class Appended:
    """What became of a batch: facts stored, ids known already by term, unknown cadets' facts, and refusals."""

    parts: list[TermBatch] = field(default_factory=list)
    duplicates: dict[int, list[NewRecord]] = field(default_factory=dict)
    unknown_cadet: list[NewRecord] = field(default_factory=list)
    refused: list[tuple[str, str, str]] = field(default_factory=list)

    def only(self, ids: Collection[str]) -> Appended:
        """Return what became of these facts; the grades stay whole."""
        parts = [part._replace(stored=[item for item in part.stored if item.fact.id in ids]) for part in self.parts]
        duplicates = {term_id: [fact for fact in facts if fact.id in ids] for term_id, facts in self.duplicates.items()}
        unknown = [fact for fact in self.unknown_cadet if fact.id in ids]
        return Appended(parts, duplicates, unknown, [item for item in self.refused if item[0] in ids])


def append(connection: Connection, statement: str, facts: Mapping[str, NewRecord], *, now: datetime) -> Appended:
    """Store what can be stored, hold the grades that it moves, and say why the rest cannot; two statements at most.

    Args:
        statement: INSERT_RECORDS, after settings of the transaction if need be: one round trip for both.
    """
    done = Appended()
    if not facts:
        return done
    values = {"facts": _json(facts.values()), "now": now}
    left = dict(facts)
    for term_id, items, *held in connection.exec_driver_sql(statement, values):
        stored = [Stored(left.pop(id_), in_force, replaced) for id_, in_force, replaced in items]
        done.parts.append(TermBatch(term_id, stored, locked_grades_of(*held)))
    if left:
        for row in connection.execute(_WHY_NOT, {"facts": _json(left.values())}):
            _explain(done, left[row.id], row)
    return done


def _explain(done: Appended, fact: NewRecord, row: Any) -> None:
    if row.exists and row.same:
        done.duplicates.setdefault(row.term_id, []).append(fact)
    elif row.exists:
        done.refused.append((fact.id, ID_CONFLICT, "A different record with this id is stored already."))
    elif not row.day_known:
        done.refused.append((fact.id, "unknown_training_day", "There is no such training day."))
    elif not row.term_known:
        done.refused.append((fact.id, "unknown_term", "There is no such term."))
    elif row.cadet_known and fact.kind == VOID:
        # The only other thing that is unique is the void of a record.
        done.refused.append((fact.id, ALREADY_VOID, "This was voided already."))
    else:
        done.unknown_cadet.append(fact)


def _json(facts: Any) -> str:
    return dumps([fact._asdict() for fact in facts]).decode()


@dataclass
class Outcome:
    """The answer to a batch."""

    stored: list[str]
    duplicates: list[str]
    rejected: list[Rejected]
    grades: list[Rows]

    def to_dict(self) -> Row:
        """Return the JSON form."""
        return {
            "stored": self.stored,
            "duplicates": self.duplicates,
            "rejected": [item._asdict() for item in self.rejected],
            "grades": Fragment("[" + ",".join(part.json[1:-1] for part in self.grades) + "]"),
        }
