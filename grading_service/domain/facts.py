"""A fact on its way in, before it is a record: what a device sends, checked for shape but not yet against the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

# An instant further ahead is no time at which anything happened: such a fact is ordered as of its arrival, or it would outrank
# every true one until then.
CLOCK_TOLERANCE = timedelta(minutes=2)

# The resolution of PostgreSQL's instants.
MOMENT = timedelta(microseconds=1)

ID_CONFLICT = "record_id_conflict"


class NewRecord(NamedTuple):
    """One fact of one cadet; which of the fields after `occurred_at` are set depends on `kind`. `id` is canonical text.

    `actor_id` is the person of the token; a request cannot name another. What the writer knew when they made it:

    - `supersedes`: the record that this one corrects, whatever the clocks say; None when it is no correction.
    - `saw`: whether they said what they saw: the record `based_on`, or for a score the value `saw_value`; both None are an
      empty cell.

    `ordered_at` is its place in the order of facts where that is not `occurred_at`. `after` is the stored record that it follows
    by `steps` microseconds at least.
    """

    id: str
    kind: str
    cadet_id: int
    occurred_at: datetime
    term_id: int | None = None
    training_day_id: int | None = None
    exam: str | None = None
    status: str | None = None
    points: int | None = None
    value: Decimal | None = None
    target_id: str | None = None
    reason: str = ""
    device_id: str = ""
    device_seq: int = 0
    actor_id: int = 0
    supersedes: str | None = None
    based_on: str | None = None
    saw: bool | None = None
    saw_value: Decimal | None = None
    ordered_at: datetime | None = None
    after: str | None = None
    steps: int | None = None

    @property
    def named(self) -> str | None:
        """The record that the writer had before them."""
        return self.supersedes or self.based_on

    @property
    def cell(self) -> tuple[Any, ...]:
        """What it is about: of the facts about one thing, one is in force."""
        return (self.kind, self.cadet_id, self.training_day_id, self.term_id, self.exam)

    @property
    def place(self) -> datetime:
        """When it counts as made, as far as is known without the database."""
        return self.ordered_at or self.occurred_at


class Rejected(NamedTuple):
    """One item that was not stored; `index` is its place in the request, `id` what it called itself."""

    id: Any
    index: int  # type: ignore[assignment] # the word of the API; nobody asks a rejection for tuple.index
    code: str
    message: str


class Sorted(NamedTuple):
    """A batch taken apart: facts to store by id, (place, id) of those repeated with the same content, and items refused."""

    facts: dict[str, NewRecord]
    repeated: list[tuple[int, str]]
    rejected: list[Rejected]


def sort_out(facts: Iterable[tuple[int, NewRecord]], now: datetime) -> Sorted:
    """Take apart a batch of (place in the request, fact): repetitions and clashes within it; give the kept their places.

    Args:
        now: when the batch arrived.
    """
    kept: dict[str, NewRecord] = {}
    repeated: list[tuple[int, str]] = []
    rejected: list[Rejected] = []
    latest = now + CLOCK_TOLERANCE
    for index, given in facts:
        fact = given._replace(ordered_at=now) if given.occurred_at > latest else given
        if fact.id not in kept:
            kept[fact.id] = fact
        elif kept[fact.id] == fact:
            repeated.append((index, fact.id))
        else:
            rejected.append(Rejected(fact.id, index, ID_CONFLICT, "Another record of this request has the same id."))
    return Sorted(kept, repeated, rejected)


def in_sequence(facts: Mapping[str, NewRecord]) -> dict[str, NewRecord]:
    """Return facts of one transaction, each that corrects another of them placed behind it, whatever their clocks say.

    A device may send a mark and its correction together: neither is stored yet, so the database cannot tell.
    """
    done: dict[str, NewRecord] = {}
    for id_, fact in facts.items():
        chain: dict[str, NewRecord] = {}
        # A circle ends where it began.
        while fact.named and fact.id not in done and fact.id not in chain:
            chain[fact.id] = fact
            fact = facts.get(fact.named, fact)
        for one in reversed(chain.values()):
            done[one.id] = _behind(one, done.get(one.named or "") or facts.get(one.named or ""))
        done.setdefault(id_, facts[id_])
    return done


def _behind(fact: NewRecord, before: NewRecord | None) -> NewRecord:
    """Return a fact with its place behind the one it names, which is of this transaction or else stored, or unknown."""
    if before is None or before.cell != fact.cell:
        return fact._replace(after=fact.named, steps=1)
    place = max(fact.place, before.place + MOMENT)
    return fact._replace(
        ordered_at=place if place != fact.occurred_at else None,
        after=before.after,
        steps=(before.steps or 0) + 1,
        saw_value=before.saw_value,
    )
