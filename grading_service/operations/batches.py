"""One batch of facts from request to answer: append, ask the roster for strangers, project, tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from grading_service.domain.facts import Fact, Rejected, sort_out
from grading_service.operations.cadets import introduce_cadets
from grading_service.operations.log import Appended, Outcome, Stored, append
from grading_service.queries.gradebook import gradebook_rows
from grading_service.queries.rows import Rows
from grading_service.queries.terms import find_term
from libs.db import transaction

# (connection, term, facts just stored, actor, now) -> the gradebook rows that moved
Project = Callable[[Connection, int, Sequence[Stored], int, datetime], list[Rows]]

TRY_AGAIN = "cadet_unknown_try_again"


def record_facts(
    *,
    items: Sequence[tuple[int, Fact]],
    rejected: Sequence[Rejected],
    store: str,
    project: Project,
    actor_id: int,
    now: datetime,
) -> Outcome:
    """Store a batch of facts and return what became of each.

    Args:
        items: (place in the request, fact).
        rejected: items whose shape was refused already.
        store: the statement that appends this kind of facts.
        project: applies stored facts of one term to its projections.
        actor_id: the person of the token; a request cannot name another.
    """
    places = {fact.id: index for index, fact in reversed(items)}
    batch = sort_out(items, now)
    outcome = Outcome([], [], [*rejected, *batch.rejected], [])
    strangers = _store(batch.facts, store, project, actor_id, now, outcome, places)
    if strangers:
        known, unanswered = introduce_cadets(cadet_ids={fact.cadet_id for fact in strangers})
        again = {fact.id: fact for fact in strangers if fact.cadet_id in known}
        _store(again, store, project, actor_id, now, outcome, places)
        for fact in strangers:
            if fact.cadet_id in unanswered:
                outcome.rejected.append(
                    Rejected(fact.id, places[fact.id], TRY_AGAIN, "The roster does not answer. Send it again.")
                )
            elif fact.cadet_id not in known:
                outcome.rejected.append(Rejected(fact.id, places[fact.id], "unknown_cadet", "There is no such cadet."))
    _answer_repeated(batch.repeated, outcome)
    outcome.rejected.sort(key=lambda item: item.index)
    return outcome


def _answer_repeated(repeated: Sequence[tuple[int, str]], outcome: Outcome) -> None:
    """Give an item that came twice in one request the answer of the first: what was refused is no duplicate of anything."""
    refused = {item.id: item for item in outcome.rejected}
    kept = {*outcome.stored, *outcome.duplicates}
    for index, id_ in repeated:
        if id_ in kept:
            outcome.duplicates.append(id_)
        elif id_ in refused:
            outcome.rejected.append(refused[id_]._replace(index=index))


def _store(
    facts: dict[str, Fact],
    store: str,
    project: Project,
    actor_id: int,
    now: datetime,
    outcome: Outcome,
    places: dict[str, int],
) -> list[Fact]:
    """Append and project in one transaction; return the facts about cadets that we do not know."""
    if not facts:
        return []
    with transaction() as session:
        # Not the session itself: it takes twice as long over a statement.
        connection = session.connection()
        done = append(connection, store, facts, actor_id=actor_id, now=now)
        rows = [
            row for term_id in sorted(done.stored) for row in project(connection, term_id, done.stored[term_id], actor_id, now)
        ]
    outcome.stored += [item.fact.id for items in done.stored.values() for item in items]
    outcome.duplicates += [fact.id for facts in done.duplicates.values() for fact in facts]
    outcome.grades += rows + _unmoved(done, rows)
    outcome.rejected += [Rejected(id_, places[id_], code, message) for id_, code, message in done.refused]
    return done.unknown_cadet


def _unmoved(done: Appended, moved: list[Rows]) -> list[Rows]:
    """Return the rows of cadets whose facts were here already: a device that lost our first answer shows the same as if not."""
    shown = {cadet_id for part in moved for cadet_id in part.cadet_ids}
    rows: list[Rows] = []
    stored = {term_id: [item.fact for item in items] for term_id, items in done.stored.items()}
    for groups in (stored, done.duplicates):
        for term_id, facts in groups.items():
            wanted = {fact.cadet_id for fact in facts} - shown
            if wanted and (term := find_term(term_id)):
                rows += gradebook_rows(term_id, sorted(wanted), term["policy_version"])
                shown |= wanted
    return rows
