"""Who gets which answer on every public route: the rules that `test_route_roles.py` checks one by one.

What follows from a permission is read in client/openapi.json, which names the permission of each operation and is compared
with the code by lint, so that whoever changes one sees it in a file under review. Declared here, in `DECLARED`, is what answers
by more than a permission (whose a thing is, in which state it is), and every route about one thing that a cadet may ask for at
all: there somebody has to think of the other cadet.

The answers are those to a request without a body (or an empty one) about things that belong to `cadet`, so a 422 says "you may,
but say what", and a 403 is given before the body is even read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.route_table import RouteTable
from libs.contracts.principal import Principal
from libs.web.auth import AUTHENTICATED, PUBLIC

DESCRIPTION = json.loads((Path(__file__).resolve().parents[2] / "client" / "openapi.json").read_text("utf-8"))
METHODS = ("get", "post", "put", "patch", "delete")
CADET = Principal(0, "", "cadet")
PEOPLE = (CADET, CADET, Principal(0, "", "staff"), Principal(0, "", "staff", ("Commandant",)), Principal(0, "", "admin"))
"""In the order of `Rule`, without nobody."""


@dataclass(frozen=True)
class Rule:
    """The status each person gets.

    Attributes:
        query: with which the route is asked.
        rows: of a list: an INSERT of eight rows for `test_lists.py`, over `generate_series(1, 8) AS n`; `{day_id}` and the like
            stand for what its data holds.
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


WAITING_ADDRESSES = (
    "INSERT INTO auth.\"user\" (id, username, role) SELECT 90000 + n, 'waits-' || n, 'staff' FROM generate_series(1, 8) AS n;"
    " INSERT INTO auth.email_change (user_id, old_email, new_email, state, proposed_at)"
    " SELECT id, 'old@unit.ph', username || '@unit.ph', 'waiting', now() FROM auth.\"user\" WHERE username LIKE 'waits-%'"
)


def audited(schema: str) -> Rule:
    """Return the rule for the list of a schema's audit entries."""
    entries = f"INSERT INTO {schema}.audit_entry (action, object, object_id) SELECT 'changed', 'thing-' || n, n FROM"
    return answers(401, 403, 403, 403, 403, 200, rows=f"{entries} generate_series(1, 8) AS n")


EVERYONE = answers(200, 200, 200, 200, 200, 200)
SIGNED_IN = answers(401, 200, 200, 200, 200, 200)

EIGHT_DISAGREEMENTS = """
    WITH fact AS (
        INSERT INTO grading.record (id, kind, term_id, cadet_id, training_day_id, status, occurred_at, recorded_at, actor_id,
            device_id)
        SELECT gen_random_uuid(), 'attendance', {term_id}, {cadet_id}, {day_id}, CASE n WHEN 9 THEN 'late' ELSE 'absent' END,
            now() + n * INTERVAL '1 second', now() + n * INTERVAL '1 second', n, 'device ' || n
        FROM generate_series(1, 9) AS n RETURNING *
    )
    INSERT INTO grading.mark (training_day_id, cadet_id, term_id, record_id, status, occurred_at, device_id, device_seq, actor_id)
    SELECT training_day_id, cadet_id, term_id, id, status, occurred_at, device_id, device_seq, actor_id FROM fact
    WHERE actor_id = 9
    ON CONFLICT (training_day_id, cadet_id) DO UPDATE SET record_id = excluded.record_id"""

DECLARED: dict[str, dict[str, Rule]] = {
    #                                                        nobody cadet other staff command admin
    "auth": {
        "GET /api/v1/audit/auth": audited("auth"),
        "POST /api/v1/auth/activation-codes": answers(401, 403, 403, 403, 403, 422),
        "POST /api/v1/auth/refresh": answers(422, 422, 422, 422, 422, 422),
        "POST /api/v1/auth/logout": answers(204, 204, 204, 204, 204, 204),
        "DELETE /api/v1/auth/sessions/<session_id>": answers(401, 204, 404, 404, 404, 404),
        "GET /api/v1/auth/email-changes": answers(401, 403, 403, 403, 200, 200, rows=WAITING_ADDRESSES),
        "POST /api/v1/auth/email-changes/<change_id>/accept": answers(401, 204, 404, 404, 403, 409),
        "POST /api/v1/auth/email-changes/<change_id>/refuse": answers(401, 204, 404, 404, 409, 409),
        "POST /api/v1/auth/second-factor/recovery-codes": answers(401, 409, 409, 409, 409, 409),
        "DELETE /api/v1/auth/second-factor/authenticator": answers(401, 404, 404, 404, 404, 404),
        "DELETE /api/v1/auth/second-factor/passkeys/<passkey_id>": answers(401, 204, 404, 404, 404, 404),
        "POST /api/v1/auth/users/<user_id>/second-factor/reset": answers(401, 403, 403, 403, 403, 409),
    },
    "roster": {
        "GET /api/v1/audit/roster": audited("roster"),
        "GET /api/v1/cadets/<cadet_id>": answers(401, 200, 404, 200, 200, 200),
        # Whoever comes second finds the preview gone.
        "DELETE /api/v1/cadets/imports/<import_id>": answers(401, 403, 403, 403, 204, 404),
        "POST /api/v1/cadets/imports/<import_id>/undo": answers(401, 403, 403, 403, 409, 409),
        "DELETE /api/v1/staff/<staff_id>": answers(401, 403, 403, 403, 403, 200),
        "POST /api/v1/staff/<staff_id>/restore": answers(401, 403, 403, 403, 403, 200),
    },
    "grading": {
        "GET /api/v1/attendance/disagreements": answers(
            401, 403, 403, 200, 200, 200, query="term_id={term_id}", rows=EIGHT_DISAGREEMENTS
        ),
        "GET /api/v1/audit/grading": audited("grading"),
        "GET /api/v1/terms/<term_id>": SIGNED_IN,
        "GET /api/v1/terms/<term_id>/policy": SIGNED_IN,
        "GET /api/v1/training-days/<day_id>": SIGNED_IN,
        "POST /api/v1/training-days/<day_id>/reinstate": answers(401, 403, 403, 403, 409, 409),
    },
    "media": {
        "GET /api/v1/audit/media": audited("media"),
        "GET /api/v1/files/<file_id>": answers(401, 200, 404, 404, 404, 200),
        "DELETE /api/v1/files/<file_id>": answers(401, 204, 404, 404, 404, 204),
        "GET /api/v1/files/<file_id>/download": answers(401, 200, 404, 404, 404, 200),
        "POST /api/v1/files/<file_id>/link": answers(401, 200, 404, 404, 404, 200),
        "POST /api/v1/files/<file_id>/restore": answers(401, 200, 404, 404, 404, 200),
        "POST /api/v1/files/upload": answers(401, 403, 403, 422, 422, 422),
    },
    "realtime": {
        "POST /api/v1/notifications/<notification_id>/read": answers(401, 200, 404, 404, 404, 404),
    },
    # Sockets prove themselves inside the connection; a plain request is told to upgrade (tests/service/realtime_service).
    "sockets": {},
    "tasks": {
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


def described() -> Iterator[tuple[str, str, Rule]]:
    """Yield the service, the route and the rule of each operation whose answers follow from its permission."""
    table = RouteTable()
    for path, item in DESCRIPTION["paths"].items():
        for method in METHODS:
            operation = item.get(method, {})
            permission = operation.get("x-permission")
            if permission and not ("{" in path and may(CADET, permission)):
                entry = table.find(path)
                assert entry is not None, f"{path} cannot be reached: add a Route to gateway/route_table.py"
                route = f"{method.upper()} {path.replace('{', '<').replace('}', '>')}"
                yield entry.upstream, route, promised(permission, operation, item.get("parameters", []))


def promised(permission: str, operation: dict[str, Any], shared: list[dict[str, Any]]) -> Rule:
    """Return what follows from a permission and from what the operation needs to be told."""
    bodies = [kind.get("schema", {}) for kind in operation.get("requestBody", {}).get("content", {}).values()]
    good = min(int(status) for status in operation["responses"] if status.startswith("2"))
    if any(resolved(body).get("required") for body in bodies):
        good = 422
    needed = [one["name"] for one in [*shared, *operation.get("parameters", [])] if one["in"] == "query" and one.get("required")]
    query = "&".join(f"{name}={{{name}}}" for name in needed)
    nobody = good if permission == PUBLIC else 401
    return answers(nobody, *(good if may(person, permission) else 403 for person in PEOPLE), query=query)


def may(person: Principal, permission: str) -> bool:
    """Return whether somebody who is signed in passes this door."""
    return permission in {PUBLIC, AUTHENTICATED} or person.may(permission)


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema that a reference means."""
    while "$ref" in schema:
        schema = DESCRIPTION["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


RULES: dict[str, dict[str, Rule]] = {service: {} for service in DECLARED}
for _service, _route, _rule in described():
    RULES[_service][_route] = _rule
for _service, _declared in DECLARED.items():
    RULES[_service] |= _declared

OWN_LISTS = {
    "auth": ("GET /api/v1/auth/sessions",),
    "realtime": ("GET /api/v1/notifications",),
    "tasks": ("GET /api/v1/tasks",),
    "grading": ("GET /api/v1/grading/me/merits",),
}
"""Lists that hold only what is the caller's own: the cadet's has one entry, and it is not in the other cadet's."""

OPEN_WHILE_DUE = {
    "GET /api/v1/auth/verify",
    "POST /api/v1/auth/verify",
    "POST /api/v1/auth/password",
    "POST /api/v1/auth/proof",
    "GET /api/v1/auth/second-factor",
    "POST /api/v1/auth/second-factor/authenticator",
    "POST /api/v1/auth/second-factor/authenticator/confirm",
    "DELETE /api/v1/auth/second-factor/authenticator",
    "POST /api/v1/auth/second-factor/passkeys/options",
    "POST /api/v1/auth/second-factor/passkeys",
    "DELETE /api/v1/auth/second-factor/passkeys/<passkey_id>",
    "POST /api/v1/auth/second-factor/recovery-codes",
}
"""Where who has to do something before anything else may go, since it is done there."""
