"""One batch of facts from request to answer: append, ask the roster for unknown_cadets, project, tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from grading_service.domain.effects import Effect
from grading_service.domain.facts import NewRecord, Rejected, sort_out
from grading_service.ledger.effects import effects_of
from grading_service.ledger.group_commit import GroupCommit
from grading_service.ledger.log import INSERT_RECORDS, Appended, Outcome, TermBatch, append
from grading_service.ledger.rows import Rows
from grading_service.operations.cadets import ensure_cadets_known
from grading_service.queries.gradebook import gradebook_rows
from grading_service.queries.terms import find_term
from libs.data.db import in_transaction, transaction
from libs.data.outside import ask_outside

# (connection, what was just stored for a term, now) -> the gradebook rows that moved
Project = Callable[[Connection, TermBatch, datetime], list[Rows]]

TRY_AGAIN = "cadet_unknown_try_again"
# A larger batch gains nothing by it, and a round holds so many facts that a single mark never waits long for the others.
FEW = 20
MOST_TOGETHER = 200
# Several requests do not wait for somebody's lock together: each goes on by itself, and only those whom it concerns wait.
_SHORT_WAIT = "SET LOCAL lock_timeout = '250ms'; "


class Batch(NamedTuple):
    """Facts of one request by id, and when it came."""

    facts: dict[str, NewRecord]
    now: datetime


class Done(NamedTuple):
    """What one transaction did with the facts of one request or of several.

    The gradebook rows that moved are by term, the effects by record.
    """

    appended: Appended
    rows: dict[int, list[Rows]]
    effects: dict[str, Effect]


class Recording:
    """How facts of one kind are recorded.

    Small requests that come while others are being stored go into one transaction: twenty people who tap at once cost little
    more than three.

    Args:
        project: applies stored facts of one term to its projections.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._together = GroupCommit(self._store, keys=lambda batch: batch.facts.keys(), most=MOST_TOGETHER)

    def record(self, items: Sequence[tuple[int, NewRecord]], rejected: Sequence[Rejected], now: datetime) -> Outcome:
        """Store a batch of facts and return what became of each.

        Args:
            items: (place in the request, fact).
            rejected: items whose shape was refused already.
        """
        places = {fact.id: index for index, fact in reversed(items)}
        batch = sort_out(items, now)
        outcome = Outcome([], [], [*rejected, *batch.rejected], [], [])
        unknown_cadets = self._add(batch.facts, now, outcome, places)
        if unknown_cadets:
            unheard = {fact.cadet_id for fact in unknown_cadets}
            known, unanswered = ask_outside("unknown cadets", lambda: ensure_cadets_known(cadet_ids=unheard))
            again = {fact.id: fact for fact in unknown_cadets if fact.cadet_id in known}
            self._add(again, now, outcome, places)
            for fact in unknown_cadets:
                if fact.cadet_id in unanswered:
                    outcome.rejected.append(
                        Rejected(fact.id, places[fact.id], TRY_AGAIN, "The roster does not answer. Send it again.")
                    )
                elif fact.cadet_id not in known:
                    outcome.rejected.append(Rejected(fact.id, places[fact.id], "unknown_cadet", "There is no such cadet."))
        _answer_repeated(batch.repeated, outcome)
        outcome.rejected.sort(key=lambda item: item.index)
        outcome.effects.sort(key=lambda effect: places[effect.id])
        return outcome

    def _add(self, facts: dict[str, NewRecord], now: datetime, outcome: Outcome, places: dict[str, int]) -> list[NewRecord]:
        """Store facts and add what became of them to the outcome; return those about cadets that we do not know."""
        if not facts:
            return []
        batch = Batch(facts, now)
        # What a request does in a transaction of its own, for an Idempotency-Key say, stays in that.
        alone = len(facts) > FEW or in_transaction()
        stored = self._store([batch]) if alone else self._together(batch)
        done = stored.appended.only(facts)
        rows = [row for part in done.parts for row in _own(part, stored.rows[part.term_id])]
        outcome.stored += [item.fact.id for part in done.parts for item in part.stored]
        outcome.duplicates += [fact.id for duplicates in done.duplicates.values() for fact in duplicates]
        outcome.grades += rows + _unmoved(done, rows)
        outcome.effects += [stored.effects[id_] for id_ in facts if id_ in stored.effects]
        outcome.rejected += [Rejected(id_, places[id_], code, message) for id_, code, message in done.refused]
        return done.unknown_cadet

    def _store(self, batches: Sequence[Batch]) -> Done:
        """Append and project in one transaction."""
        facts = {id_: fact for batch in batches for id_, fact in batch.facts.items()}
        now = max(batch.now for batch in batches)
        # A record is its own entry of the audit: it names its author and is never changed.
        with transaction(audited=False) as session:
            # Not the session itself: it takes twice as long over a statement.
            connection = session.connection()
            statement = INSERT_RECORDS if len(batches) == 1 else _SHORT_WAIT + INSERT_RECORDS
            done = append(connection, statement, facts, now=now)
            rows = {part.term_id: self._project(connection, part, now) for part in done.parts}
            return Done(done, rows, effects_of(connection, done, now))


def _own(part: TermBatch, rows: Sequence[Rows]) -> list[Rows]:
    """Return the rows of those whose facts these are."""
    cadet_ids = {item.fact.cadet_id for item in part.stored}
    own = (some.only(cadet_ids) for some in rows)
    return [some for some in own if some.cadet_ids]


def _answer_repeated(repeated: Sequence[tuple[int, str]], outcome: Outcome) -> None:
    """Give an item that came twice in one request the answer of the first: what was refused is no duplicate of anything."""
    refused = {item.id: item for item in outcome.rejected}
    kept = {*outcome.stored, *outcome.duplicates}
    for index, id_ in repeated:
        if id_ in kept:
            outcome.duplicates.append(id_)
        elif id_ in refused:
            outcome.rejected.append(refused[id_]._replace(index=index))


def _unmoved(done: Appended, moved: list[Rows]) -> list[Rows]:
    """Return the rows of cadets whose facts were here already: a device that lost our first answer shows the same as if not."""
    shown = {cadet_id for part in moved for cadet_id in part.cadet_ids}
    rows: list[Rows] = []
    stored = {part.term_id: [item.fact for item in part.stored] for part in done.parts}
    for groups in (stored, done.duplicates):
        for term_id, facts in groups.items():
            wanted = {fact.cadet_id for fact in facts} - shown
            if wanted and (term := find_term(term_id)):
                rows += gradebook_rows(term_id, sorted(wanted), term["policy_version"])
                shown |= wanted
    return rows
