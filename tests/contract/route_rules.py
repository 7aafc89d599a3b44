"""Who gets which answer on every public route: the declared rules, checked one by one by `test_route_roles.py`.

A route without a rule here fails the test. The numbers are the answers to a request without a body (or an empty one) about
things that belong to `cadet`, so a 422 says "you may, but say what", and a 403 is given before the body is even read.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """The status each person gets.

    Attributes:
        query: with which the route is asked.
        rows: of a list: an INSERT of eight rows for `test_lists.py`, over `generate_series(1, 8) AS n`; `{day_id}` and the like
            stand for what the world of the service holds.
    """

    nobody: int
    cadet: int
    other: int
    staff: int
    command: int
    admin: int
    query: str = ""
    rows: str = ""


def answers(*statuses: int, query: str = "", rows: str = "") -> Rule:
    """Return the rule for nobody, the cadet, another cadet, an instructor, the command group and an administrator."""
    return Rule(*statuses, query=query, rows=rows)


EVERYONE = answers(200, 200, 200, 200, 200, 200)
SIGNED_IN = answers(401, 200, 200, 200, 200, 200)
OPEN_TO_TRY = answers(422, 422, 422, 422, 422, 422)

RULES: dict[str, dict[str, Rule]] = {
    #                                                        nobody cadet other staff command admin
    "auth": {
        "POST /api/v1/auth/activate": OPEN_TO_TRY,
        "POST /api/v1/auth/activation-codes": answers(401, 403, 403, 403, 403, 422),
        "POST /api/v1/auth/login": OPEN_TO_TRY,
        "POST /api/v1/auth/logout": answers(204, 204, 204, 204, 204, 204),
        "POST /api/v1/auth/password": answers(401, 422, 422, 422, 422, 422),
        "POST /api/v1/auth/password/forgot": OPEN_TO_TRY,
        "POST /api/v1/auth/password/reset": OPEN_TO_TRY,
        "POST /api/v1/auth/refresh": OPEN_TO_TRY,
        "GET /api/v1/auth/sessions": SIGNED_IN,
        "DELETE /api/v1/auth/sessions/<session_id>": answers(401, 204, 404, 404, 404, 404),
        "GET /api/v1/auth/users": answers(401, 403, 403, 403, 403, 200),
        "GET /api/v1/auth/users/<user_id>": answers(401, 403, 403, 403, 403, 200),
        "PATCH /api/v1/auth/users/<user_id>": answers(401, 403, 403, 403, 403, 200),
        "POST /api/v1/auth/users/<user_id>/sign-out": answers(401, 403, 403, 403, 403, 200),
        "POST /api/v1/auth/users/<user_id>/unlock": answers(401, 403, 403, 403, 403, 204),
        "GET /api/v1/auth/verify": SIGNED_IN,
        "POST /api/v1/auth/verify": SIGNED_IN,
    },
    "roster": {
        "GET /api/v1/cadets": answers(401, 403, 403, 200, 200, 200),
        "POST /api/v1/cadets": answers(401, 403, 403, 403, 422, 422),
        "GET /api/v1/cadets/<cadet_id>": answers(401, 200, 404, 200, 200, 200),
        "PUT /api/v1/cadets/<cadet_id>": answers(401, 403, 403, 403, 422, 422),
        "PATCH /api/v1/cadets/<cadet_id>": answers(401, 403, 403, 403, 200, 200),
        "DELETE /api/v1/cadets/<cadet_id>": answers(401, 403, 403, 403, 200, 200),
        "POST /api/v1/cadets/<cadet_id>/restore": answers(401, 403, 403, 403, 200, 200),
        "POST /api/v1/cadets/<cadet_id>/unlock": answers(401, 403, 403, 403, 200, 200),
        "POST /api/v1/cadets/archive": answers(401, 403, 403, 403, 422, 422),
        "POST /api/v1/cadets/restore": answers(401, 403, 403, 403, 422, 422),
        "GET /api/v1/cadets/me": answers(401, 200, 200, 403, 403, 403),
        "PATCH /api/v1/cadets/me": answers(401, 200, 200, 403, 403, 403),
        "POST /api/v1/cadets/imports": answers(401, 403, 403, 403, 422, 422),
        "GET /api/v1/cadets/imports": answers(401, 403, 403, 403, 200, 200),
        "GET /api/v1/cadets/imports/<import_id>": answers(401, 403, 403, 403, 200, 200),
        "POST /api/v1/cadets/imports/<import_id>/apply": answers(401, 403, 403, 403, 200, 200),
        "POST /api/v1/cadets/imports/<import_id>/undo": answers(401, 403, 403, 403, 409, 409),
        "GET /api/v1/courses": answers(401, 403, 403, 200, 200, 200),
        "POST /api/v1/courses": answers(401, 403, 403, 403, 422, 422),
        "GET /api/v1/staff": answers(401, 403, 403, 200, 200, 200),
        "POST /api/v1/staff": answers(401, 403, 403, 403, 422, 422),
        "GET /api/v1/staff/<staff_id>": answers(401, 403, 403, 200, 200, 200),
        "PUT /api/v1/staff/<staff_id>": answers(401, 403, 403, 403, 422, 422),
        "PATCH /api/v1/staff/<staff_id>": answers(401, 403, 403, 403, 200, 200),
        "DELETE /api/v1/staff/<staff_id>": answers(401, 403, 403, 403, 403, 200),
        "POST /api/v1/staff/<staff_id>/restore": answers(401, 403, 403, 403, 403, 200),
        "GET /api/v1/units": answers(401, 403, 403, 200, 200, 200),
        "POST /api/v1/units": answers(401, 403, 403, 403, 422, 422),
        "PATCH /api/v1/units/<unit_id>": answers(401, 403, 403, 403, 200, 200),
    },
    "grading": {
        "GET /api/v1/attendance": answers(401, 403, 403, 200, 200, 200, query="training_day_id={day_id}"),
        "POST /api/v1/attendance/marks": answers(401, 403, 403, 422, 422, 422),
        "GET /api/v1/exams/scores": answers(401, 403, 403, 200, 200, 200, query="term_id={term_id}"),
        "POST /api/v1/exams/scores": answers(401, 403, 403, 422, 422, 422),
        "GET /api/v1/grading/cadets/<cadet_id>/grade": answers(401, 403, 403, 200, 200, 200, query="term_id={term_id}"),
        "GET /api/v1/grading/gradebook": answers(401, 403, 403, 200, 200, 200, query="term_id={term_id}"),
        "GET /api/v1/grading/me": answers(401, 200, 200, 403, 403, 403),
        "GET /api/v1/grading/me/attendance": answers(401, 200, 200, 403, 403, 403),
        "GET /api/v1/grading/me/merits": answers(401, 200, 200, 403, 403, 403),
        "GET /api/v1/merits/records": answers(401, 403, 403, 200, 200, 200, query="term_id={term_id}"),
        "POST /api/v1/merits/records": answers(401, 403, 403, 422, 422, 422),
        "POST /api/v1/merits/records/<record_id>/void": answers(401, 403, 403, 422, 422, 422),
        "GET /api/v1/terms": SIGNED_IN,
        "POST /api/v1/terms": answers(401, 403, 403, 403, 422, 422),
        "GET /api/v1/terms/<term_id>": SIGNED_IN,
        "PATCH /api/v1/terms/<term_id>": answers(401, 403, 403, 403, 200, 200),
        "GET /api/v1/terms/<term_id>/policy": SIGNED_IN,
        "GET /api/v1/training-days": SIGNED_IN,
        "POST /api/v1/training-days": answers(401, 403, 403, 403, 422, 422),
        "GET /api/v1/training-days/<day_id>": SIGNED_IN,
        "PATCH /api/v1/training-days/<day_id>": answers(401, 403, 403, 403, 200, 200),
        "POST /api/v1/training-days/<day_id>/cancel": answers(401, 403, 403, 403, 422, 422),
        "POST /api/v1/training-days/<day_id>/reinstate": answers(401, 403, 403, 403, 409, 409),
        "POST /api/v1/training-days/series": answers(401, 403, 403, 403, 422, 422),
    },
    "media": {
        "GET /api/v1/files/<file_id>": answers(401, 200, 404, 404, 404, 200),
        "DELETE /api/v1/files/<file_id>": answers(401, 204, 404, 404, 404, 204),
        "GET /api/v1/files/<file_id>/download": answers(401, 200, 404, 404, 404, 200),
        "POST /api/v1/files/<file_id>/link": answers(401, 200, 404, 404, 404, 200),
        "POST /api/v1/files/<file_id>/restore": answers(401, 200, 404, 404, 404, 200),
        "POST /api/v1/files/upload": answers(401, 403, 403, 422, 422, 422),
    },
    "realtime": {
        "GET /api/v1/notifications": SIGNED_IN,
        "POST /api/v1/notifications/<notification_id>/read": answers(401, 200, 404, 404, 404, 404),
        "POST /api/v1/notifications/read-all": SIGNED_IN,
        "GET /api/v1/notifications/unread-count": SIGNED_IN,
        "POST /api/v1/realtime/tickets": answers(401, 201, 201, 201, 201, 201),
    },
    # Sockets prove themselves inside the connection; a plain request is told to upgrade (tests/service/realtime_service).
    "sockets": {},
    "tasks": {
        "POST /api/v1/reports": answers(401, 403, 403, 422, 422, 422),
        "GET /api/v1/tasks": SIGNED_IN,
        "GET /api/v1/tasks/<task_id>": answers(401, 200, 404, 404, 404, 200),
    },
    "gateway": {
        "GET /api/docs": EVERYONE,
        "GET /api/docs/<service>/openapi.json": answers(404, 404, 404, 404, 404, 404),
        "GET /api/docs/assets/<name>": EVERYONE,
        "GET /api/docs/assets/start.js": EVERYONE,
        "GET /api/health": answers(503, 503, 503, 503, 503, 503),
        "GET /api/openapi.json": EVERYONE,
        "GET /api/v1/metrics": answers(401, 403, 403, 403, 403, 200),
    },
}
"""By service, then by method and route. The health of a gateway alone is 503: it names the services it misses."""

OWN_LISTS = {
    "auth": ("GET /api/v1/auth/sessions",),
    "realtime": ("GET /api/v1/notifications",),
    "tasks": ("GET /api/v1/tasks",),
    "grading": ("GET /api/v1/grading/me/merits",),
}
"""Lists that hold only what is the caller's own: the cadet's has one entry, and it is not in the other cadet's."""
