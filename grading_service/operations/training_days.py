"""Training days. Each one that appears or drops out moves the grades of its whole term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, text, update
from sqlalchemy.orm import Session

from grading_service.access import access_training_day
from grading_service.domain.calendar import EXISTS, OUTSIDE_TERM, problem_of
from grading_service.domain.records import DAY_CANCELLED, DAY_OPENED, DAY_REINSTATED, NONE
from grading_service.ledger.projection import differing, lock_term_grades, write_grades
from grading_service.models import Record, Term, TrainingDay
from grading_service.operations.events import days_events, grades_events, record_events
from grading_service.queries.series import planned_series
from grading_service.queries.terms import lock_term, training_days_of
from libs.contracts.events.grading import TRAINING_DAY_CANCELLED, TRAINING_DAY_CREATED, TRAINING_DAY_UPDATED
from libs.data.db import transaction
from libs.ids import uuid7
from libs.web.errors import Conflict, Invalid, NotFound
from libs.web.etag import check_if_match

Row = dict[str, Any]

_MARKS_OF_DAY = text("SELECT cadet_id, status FROM grading.mark WHERE training_day_id = :day_id AND status <> 'none'")


def create_training_day(*, fields: Mapping[str, Any], actor_id: int, now: datetime) -> Row:
    """Add a training day to a term.

    Raises:
        NotFound: no such term.
        Conflict: the term has a day on that date.
        Invalid: the date is outside the term.
    """
    with transaction() as session:
        term = _hold_term(fields["term_id"])
        return _add_days(session, term, [fields], actor_id, now)[0]


def create_series(*, term_id: int, actor_id: int, now: datetime, **series: Any) -> list[Row]:
    """Add a weekly series of training days, all or none.

    Args:
        series: as `planned_series` takes it.

    Raises:
        NotFound: no such term.
        Conflict: the term has a day on one of the dates; `details` names them.
        Invalid: no date, too many, or one outside the term.
    """
    with transaction() as session:
        term = _hold_term(term_id)
        planned = [day for day in planned_series(term, **series) if not day["left_out"]]
        days = [{"term_id": term_id, "date": day["date"], "title": day["title"]} for day in planned]
        return _add_days(session, term, days, actor_id, now)


def update_training_day(*, day_id: int, changes: Mapping[str, Any], if_match: str | None, now: datetime) -> Row:
    """Change a day's date, title or description; the grades stay as they are.

    Raises:
        NotFound, StaleVersion
        Conflict: the term has another day on that date.
        Invalid: the date is outside the term.
    """
    with transaction() as session:
        term, day = _hold_day(day_id)
        check_if_match(day["version"], if_match)
        if "date" in changes and changes["date"] != day["date"]:
            _check_dates(term, [changes["date"]])
        return _update(session, day, changes, TRAINING_DAY_UPDATED, now)


def cancel_training_day(*, day_id: int, reason: str, actor_id: int, if_match: str | None, now: datetime) -> Row:
    """Take a day out of the count; its marks are kept and count again when it is reinstated.

    Raises:
        NotFound, StaleVersion
        Conflict: it is cancelled already.
    """
    with transaction() as session:
        term, day = _hold_day(day_id)
        check_if_match(day["version"], if_match)
        if day["is_cancelled"]:
            raise Conflict("This training day is cancelled already.", code="training_day_cancelled")
        changes = {"is_cancelled": True, "cancel_reason": reason}
        day = _update(session, day, changes, TRAINING_DAY_CANCELLED, now)
        _log_days(session, [day], DAY_CANCELLED, reason, actor_id, now)
        _count_days(session, term, -1, now, day_id=day_id)
        return day


def reinstate_training_day(*, day_id: int, actor_id: int, if_match: str | None, now: datetime) -> Row:
    """Count a cancelled day again.

    Raises:
        NotFound, StaleVersion
        Conflict: it is not cancelled.
    """
    with transaction() as session:
        term, day = _hold_day(day_id)
        check_if_match(day["version"], if_match)
        if not day["is_cancelled"]:
            raise Conflict("This training day is not cancelled.", code="training_day_not_cancelled")
        day = _update(session, day, {"is_cancelled": False, "cancel_reason": None}, TRAINING_DAY_UPDATED, now)
        _log_days(session, [day], DAY_REINSTATED, "", actor_id, now)
        _count_days(session, term, 1, now, day_id=day_id)
        return day


def _hold_term(term_id: int) -> Row:
    term = lock_term(term_id)
    if term is None:
        raise NotFound("There is no such term.", code="term_not_found")
    return term


def _hold_day(day_id: int) -> tuple[Row, Row]:
    term = _hold_term(access_training_day(day_id)["term_id"])
    # Read again now that the term is held: nobody else changes its days.
    return term, access_training_day(day_id)


def _check_dates(term: Row, dates: Sequence[date]) -> None:
    taken = {day["date"]: day["id"] for day in training_days_of(term["id"])}
    span = {"starts_on": term["starts_on"], "ends_on": term["ends_on"]}
    problems = [(day, problem_of(day, **span, taken=taken)) for day in dates]
    if outside := [day.isoformat() for day, problem in problems if problem == OUTSIDE_TERM]:
        raise Invalid(
            f"Outside the term ({term['starts_on']} to {term['ends_on']}): {', '.join(outside[:10])}. Nothing was saved.",
            code=OUTSIDE_TERM,
            details={"date": [f"{day} is outside the term." for day in outside[:10]]},
        )
    if clash := [{"id": taken[day], "date": day} for day, problem in problems if problem == EXISTS]:
        names = ", ".join(item["date"].isoformat() for item in clash[:10])
        raise Conflict(
            f"The term has a training day on {names} already. Nothing was saved.",
            code=EXISTS,
            details={"training_days": clash},
        )


def _add_days(session: Session, term: Row, days: Sequence[Mapping[str, Any]], actor_id: int, now: datetime) -> list[Row]:
    _check_dates(term, [day["date"] for day in days])
    rows = [{"description": "", **day, "created_at": now, "updated_at": now} for day in days]
    created_ids = set(session.execute(insert(TrainingDay).returning(TrainingDay.id), rows).scalars())
    created = [day for day in training_days_of(term["id"]) if day["id"] in created_ids]
    _log_days(session, created, DAY_OPENED, "", actor_id, now)
    record_events(session.connection(), [days_events(TRAINING_DAY_CREATED, created)], now)
    _count_days(session, term, len(created), now)
    return created


def _update(session: Session, day: Row, changes: Mapping[str, Any], event: str, now: datetime) -> Row:
    values = {**changes, "version": day["version"] + 1, "updated_at": now}
    session.execute(update(TrainingDay).where(TrainingDay.id == day["id"]).values(**values))
    day = access_training_day(day["id"])
    record_events(session.connection(), [days_events(event, [day])], now)
    return day


def _log_days(session: Session, days: Sequence[Row], kind: str, reason: str, actor_id: int, now: datetime) -> None:
    common = {"kind": kind, "reason": reason, "occurred_at": now, "recorded_at": now, "actor_id": actor_id}
    rows = [{"id": uuid7(), "term_id": day["term_id"], "training_day_id": day["id"], **common} for day in days]
    session.execute(insert(Record), rows)


def _count_days(session: Session, term: Row, change: int, now: datetime, day_id: int | None = None) -> None:
    """Move the term's number of days and every grade that this changes; `day_id` also takes its marks in or out."""
    values = {"days_count": Term.days_count + change}
    session.execute(update(Term).where(Term.id == term["id"]).values(**values))
    held = lock_term_grades(session.connection(), term["id"])
    touched: set[int] = set()
    if day_id is not None:
        for mark in session.execute(_MARKS_OF_DAY, {"day_id": day_id}):
            was, status = (None, mark.status) if change > 0 else (mark.status, NONE)
            held.counts[mark.cadet_id].mark(was, status)
            touched.add(mark.cadet_id)
    shown = write_grades(session.connection(), term["id"], held, differing(held) | touched)
    record_events(session.connection(), [grades_events(term["id"], shown)], now)
