"""Terms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, text, update

from grading_service.access import access_term
from grading_service.domain.shipped_policies import CURRENT
from grading_service.models import Term
from grading_service.operations.events import record_events, term_events
from grading_service.queries.terms import lock_term
from libs.contracts.events.grading import TERM_CREATED, TERM_UPDATED
from libs.data.db import transaction
from libs.web.errors import Conflict, Invalid, NotFound
from libs.web.etag import check_if_match

Row = dict[str, Any]

_TWIN = text(
    """SELECT id FROM grading.term WHERE name = :name AND school_year = :school_year AND semester = :semester
        AND coalesce(cadet_course, '') = coalesce(:cadet_course, '') AND id <> :id"""
)
_DAYS_OUTSIDE = text(
    """SELECT id, date, title FROM grading.training_day WHERE term_id = :id AND NOT date BETWEEN :starts_on AND :ends_on
        ORDER BY date LIMIT 20"""
)
# Two people making the same term at once: the second waits, sees the first and is told.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('grading.term'))")


def create_term(*, fields: Mapping[str, Any], actor_id: int, now: datetime) -> Row:
    """Create a term, graded by the current policy.

    Raises:
        Conflict: the same term exists already.
        Invalid: it ends before it starts.
    """
    _check_dates(fields["starts_on"], fields["ends_on"])
    with transaction() as session:
        session.execute(_ONE_AT_A_TIME)
        _refuse_twin(session, fields, 0)
        values = {**fields, "policy_version": CURRENT, "created_by": actor_id, "created_at": now, "updated_at": now}
        term_id = session.execute(insert(Term).values(**values).returning(Term.id)).scalar_one()
        term = access_term(term_id)
        record_events(session.connection(), [term_events(TERM_CREATED, term)], now)
    return term


def update_term(*, term_id: int, changes: Mapping[str, Any], if_match: str | None, now: datetime) -> Row:
    """Change a term's name, dates or course; its policy is part of every grade and stays.

    Raises:
        NotFound, StaleVersion
        Conflict: another term is the same, or training days would fall outside.
        Invalid: it ends before it starts.
    """
    with transaction() as session:
        session.execute(_ONE_AT_A_TIME)
        term = lock_term(term_id)
        if term is None:
            raise NotFound("There is no such term.", code="term_not_found")
        check_if_match(term["version"], if_match)
        after = {**term, **changes}
        _check_dates(after["starts_on"], after["ends_on"])
        _refuse_twin(session, after, term_id)
        outside = session.execute(_DAYS_OUTSIDE, {key: after[key] for key in ("id", "starts_on", "ends_on")}).mappings().all()
        if outside:
            raise Conflict(
                "Training days would fall outside the term. Nothing was changed.",
                code="training_days_outside_term",
                details={"training_days": [dict(day) for day in outside]},
            )
        values = {**changes, "version": term["version"] + 1, "updated_at": now}
        session.execute(update(Term).where(Term.id == term_id).values(**values))
        term = access_term(term_id)
        record_events(session.connection(), [term_events(TERM_UPDATED, term)], now)
    return term


def _check_dates(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise Invalid(details={"ends_on": ["The term ends before it starts."]})


def _refuse_twin(session: Any, fields: Mapping[str, Any], own_id: int) -> None:
    identity = {key: fields.get(key) for key in ("name", "school_year", "semester", "cadet_course")}
    twin = session.execute(_TWIN, identity | {"id": own_id}).scalar()
    if twin is not None:
        raise Conflict("This term exists already.", code="term_exists", details={"id": twin})
