"""The graded facts and their order. Nothing here is ever edited: a correction is a further record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

ATTENDANCE, MERIT, DEMERIT, SCORE, VOID = "attendance", "merit", "demerit", "score", "void"
DAY_OPENED, DAY_CANCELLED, DAY_REINSTATED = "day_opened", "day_cancelled", "day_reinstated"
CADET_KINDS = (ATTENDANCE, MERIT, DEMERIT, SCORE, VOID)
DAY_KINDS = (DAY_OPENED, DAY_CANCELLED, DAY_REINSTATED)
KINDS = CADET_KINDS + DAY_KINDS
POINT_KINDS = (MERIT, DEMERIT)

# The order is that of the tally columns; NONE clears a mark and is never tallied.
STATUSES = ("present", "late", "excused", "duty", "absent")
NONE = "none"
MARKS = (*STATUSES, NONE)

MAX_POINTS = 100
MAX_BATCH = 500


@dataclass(frozen=True, slots=True)
class Record:
    """One stored fact.

    Attributes:
        kind: one of KINDS.
        occurred_at: when it happened, by the device; recorded_at: when it was stored.
        points: whole merit or demerit points, 1 to 100.
        value: an exam score with at most two decimals; None clears an earlier score.
        target_id: the merit or demerit that a void cancels.
        ordered_at: its place in the order of facts where that is not `occurred_at`: behind what it corrects, or as of its
            arrival when the device's clock ran ahead.
        set_aside: why it never has an effect: archived_cadet | outside_term | changed_meanwhile; None when it may have one.
    """

    id: UUID
    kind: str
    occurred_at: datetime
    recorded_at: datetime
    training_day_id: int | None = None
    exam: str | None = None
    status: str | None = None
    points: int | None = None
    value: Decimal | None = None
    target_id: UUID | None = None
    reason: str = ""
    actor_id: int | None = None
    device_id: str = ""
    device_seq: int = 0
    ordered_at: datetime | None = None
    set_aside: str | None = None

    @property
    def order(self) -> tuple[datetime, str, int, UUID]:
        """The total order of facts about one thing: the greatest is in force, whichever arrived last.

        Equal to the order PostgreSQL gives (coalesce(ordered_at, occurred_at), device_id COLLATE "C", device_seq, id).
        """
        return (self.ordered_at or self.occurred_at, self.device_id, self.device_seq, self.id)


@dataclass(frozen=True, slots=True)
class Day:
    """What a person calls a training day; whether it counts is told by the records."""

    id: int
    date: date
    title: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """A record that moves nothing, and why: superseded | cleared | cancelled_day | voided | void | unknown_exam, or as it is set
    aside."""

    record: Record
    reason: str


@dataclass(frozen=True, slots=True)
class Effective:
    """The records in force for one cadet in one term."""

    days: tuple[int, ...]
    marks: dict[int, Record] = field(default_factory=dict)
    scores: dict[str, Record] = field(default_factory=dict)
    points: tuple[Record, ...] = ()
    ignored: tuple[Ignored, ...] = ()
