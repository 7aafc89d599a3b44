"""The lists and limits of the domain that the client needs before it has asked anything, written as TypeScript.

Units, courses and policies are data and come from the API; what is written here can only change with the code.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from auth_service.domain.activation import CODE_LIFE, MOST_CODES
from auth_service.domain.passwords import MIN_LENGTH
from grading_service.domain import calendar, engine, records, special
from libs.contracts.principal import COMMAND_GROUP, PERMISSIONS, POSITIONS, ROLES, Principal
from roster_service.domain import choices
from roster_service.domain.imports.limits import MAX_BYTES

HEADER = """// Written by ./rgms openapi from the Python that owns each list, and compared by ./rgms lint. Never edit it.
// What the server refuses is decided there; these only spare a person the round trip.
"""


def client_words() -> str:
    """Return the whole text of client/src/types/domain.ts."""
    return HEADER + "".join(f"export const {name} = {_typescript(value)} as const;\n" for name, value in _lists().items())


def _lists() -> Mapping[str, Any]:
    return {
        # libs/contracts/principal.py
        "ROLES": ROLES,
        "POSITIONS": POSITIONS,
        "COMMAND_GROUP": sorted(COMMAND_GROUP),
        "PERMISSIONS": sorted(PERMISSIONS),
        "PERMISSIONS_OF": {
            **{role: _permissions(role) for role in ROLES},
            "command": _permissions("staff", tuple(COMMAND_GROUP)),
        },
        # roster_service/domain/choices.py
        "CADET_RANKS": choices.CADET_RANKS,
        "YEAR_LEVELS": choices.YEAR_LEVELS,
        "SEMESTERS": choices.SEMESTERS,
        "CADET_COURSES": choices.CADET_COURSES,
        "GENDERS": choices.GENDERS,
        "CADET_STATUSES": choices.STATUSES,
        "FIRST_STATUS": choices.STATUS_ONGOING,
        # roster_service/domain/imports/limits.py
        "MOST_ROSTER_BYTES": MAX_BYTES,
        # grading_service/domain
        "MARKS": records.MARKS,
        "GRADE_STATES": engine.STATES,
        "SPECIAL_GRADES": special.REMARKS,
        "MOST_POINTS": records.MAX_POINTS,
        "MOST_DAYS_OF_A_SERIES": calendar.MAX_DAYS,
        "WEEKDAYS": calendar.WEEKDAYS,
        # auth_service/domain
        "LEAST_PASSWORD": MIN_LENGTH,
        "DAYS_OF_A_CODE": CODE_LIFE.days,
        "MOST_CODES": MOST_CODES,
    }


def _permissions(role: str, positions: Iterable[str] = ()) -> list[str]:
    return sorted(Principal(0, "", role, tuple(positions)).permissions)


def _typescript(value: Any) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
