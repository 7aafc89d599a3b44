"""Appending facts to the record: idempotent by id, each on its own merits, none spoiling the rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from orjson import Fragment
from sqlalchemy import Connection, text

from grading_service.domain.effects import Effect
from grading_service.domain.facts import ID_CONFLICT, NewRecord, Rejected, in_sequence
from grading_service.domain.records import VOID
from grading_service.ledger.projection import LockedGrades, locked_grades_of
from grading_service.ledger.rows import Rows
from libs.web.jsonio import dumps

Row = dict[str, Any]

ALREADY_VOID = "already_void"
UNKNOWN_SUPERSEDED = "unknown_superseded"
_NAMES = NewRecord._fields

_ITEM = """id uuid, kind text, cadet_id integer, occurred_at timestamptz, term_id integer, training_day_id integer, exam text,
    status text, points smallint, value numeric, target_id uuid, reason text, device_id text, device_seq bigint,
    supersedes uuid"""
# In the driver's own form: a statement of SQLAlchemy's takes 20 µs more, three times in every mark.
INSERT_RECORDS = "SELECT * FROM grading.insert_records(%(facts)s::json, %(now)s)"
# Why a fact was not stored: its record exists (with the same content or another), or something it speaks of does not.
_WHY_NOT = text(
    f"""SELECT CAST(f.id AS text) AS id, r.id IS NOT NULL AS exists, r.term_id, t.id IS NOT NULL AS term_known,
            f.training_day_id IS NULL OR d.id IS NOT NULL AS day_known, c.id IS NOT NULL AS cadet_known,
            f.supersedes IS NOT NULL AS corrects,
            (r.kind, r.cadet_id, r.training_day_id, r.exam, r.status, r.points, r.value, r.target_id, r.reason, r.occurred_at,
                r.device_id, r.device_seq, r.supersedes) IS NOT DISTINCT FROM
            (f.kind, f.cadet_id, f.training_day_id, f.exam, f.status, f.points, f.value, f.target_id, f.reason, f.occurred_at,
                f.device_id, f.device_seq, f.supersedes) AND (f.term_id IS NULL OR f.term_id = r.term_id) AS same
        FROM json_to_recordset(CAST(:facts AS json)) AS f({_ITEM})
            LEFT JOIN grading.record r ON r.id = f.id
            LEFT JOIN grading.training_day d ON d.id = f.training_day_id
            LEFT JOIN grading.term t ON t.id = coalesce(d.term_id, f.term_id)
            LEFT JOIN grading.cadet_ref c ON c.id = f.cadet_id"""  # noqa: S608 - our own column list
)


class Stored(NamedTuple):
    """A stored fact.

    Attributes:
        in_force: whether it moved a mark, a score or a sum.
        replaced, replaced_id: the status and the record of the mark that it took the place of.
        set_aside: why it never has an effect, as `Record` says.
        ordered_at: its place in the order where that is not `occurred_at`.
    """

    fact: NewRecord
    in_force: bool
    replaced: str | None
    replaced_id: str | None
    set_aside: str | None
    ordered_at: datetime | None


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
    left = in_sequence(facts)
    values = {"facts": _json(left.values()), "now": now}
    for term_id, items, *held in connection.exec_driver_sql(statement, values):
        stored = [_stored(left.pop(id_), *more) for id_, *more in items]
        done.parts.append(TermBatch(term_id, stored, locked_grades_of(*held)))
    if left:
        for row in connection.execute(_WHY_NOT, {"facts": _json(left.values())}):
            _explain(done, left[row.id], row)
    return done


def _stored(
    fact: NewRecord, in_force: bool, replaced: str | None, replaced_id: str | None, aside: str | None, placed: Any
) -> Stored:
    return Stored(fact, in_force, replaced, replaced_id, aside, placed and datetime.fromisoformat(placed))


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
    elif row.cadet_known and row.corrects:
        done.refused.append((fact.id, UNKNOWN_SUPERSEDED, "There is no record of this cadet and day or exam that it corrects."))
    else:
        done.unknown_cadet.append(fact)


def _json(facts: Any) -> str:
    known = ({name: value for name, value in zip(_NAMES, fact, strict=True) if value is not None} for fact in facts)
    return dumps(list(known)).decode()


@dataclass
class Outcome:
    """The answer to a batch."""

    stored: list[str]
    duplicates: list[str]
    rejected: list[Rejected]
    grades: list[Rows]
    effects: list[Effect]

    def to_dict(self) -> Row:
        """Return the JSON form."""
        return {
            "stored": self.stored,
            "duplicates": self.duplicates,
            "rejected": [item._asdict() for item in self.rejected],
            "effects": [effect.to_dict() for effect in self.effects],
            "grades": Fragment("[" + ",".join(part.json[1:-1] for part in self.grades) + "]"),
        }
