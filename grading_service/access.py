"""The doors from an id to a row. What is not there, or not the caller's, is not found."""

from __future__ import annotations

from datetime import date
from typing import Any

from grading_service.queries import cadets, records, terms
from libs.contracts.principal import Principal
from libs.web.errors import Forbidden, NotFound

Row = dict[str, Any]


def access_term(term_id: int) -> Row:
    """Return a term.

    Raises:
        NotFound
    """
    term = terms.find_term(term_id)
    if term is None:
        raise NotFound("There is no such term.", code="term_not_found")
    return term


def access_own_term(cadet: Row, term_id: int | None, *, today: date) -> Row:
    """Return the term that a cadet names, or the current one of their course; `today` is the date in Manila.

    Raises:
        NotFound
    """
    if term_id is not None:
        return access_term(term_id)
    term = terms.current_term(today, cadet["cadet_course"])
    if term is None:
        raise NotFound("There is no term yet.", code="term_not_found")
    return term


def access_training_day(day_id: int) -> Row:
    """Return a training day.

    Raises:
        NotFound
    """
    day = terms.find_training_day(day_id)
    if day is None:
        raise NotFound("There is no such training day.", code="training_day_not_found")
    return day


def access_cadet(cadet_id: int) -> Row:
    """Return a cadet as grading knows them.

    Raises:
        NotFound
    """
    cadet = cadets.find_cadet(cadet_id)
    if cadet is None:
        raise NotFound("There is no such cadet.", code="cadet_not_found")
    return cadet


def own_cadet_id(principal: Principal) -> int:
    """Return the id of the cadet that the caller is.

    Raises:
        NotFound: the account belongs to no cadet.
    """
    if principal.cadet_id is None:
        raise NotFound("This account belongs to no cadet.", code="no_cadet_profile")
    return principal.cadet_id


def access_actor(principal: Principal, actor: int | None) -> int:
    """Return the user id that facts are recorded under: that of the token, and nobody else's.

    Args:
        actor: the user id that the batch names as its own, or None. What one person left on a shared device is not sent as the
            next one's.

    Raises:
        Forbidden: the batch is somebody else's.
    """
    if actor is not None and actor != principal.user_id:
        raise Forbidden(
            "These were recorded by somebody else on this device. Nothing was stored; they wait until that person signs in.",
            code="actor_mismatch",
            details={"actor": actor, "user_id": principal.user_id},
        )
    return principal.user_id


def access_points(record_id: Any) -> Row:
    """Return a merit or demerit.

    Raises:
        NotFound
    """
    record = records.find_points(record_id)
    if record is None:
        raise NotFound("There is no such merit or demerit.", code="record_not_found")
    return record
