"""Rows for every list: some alike in what they are sorted by, some without it, so that only a whole order tells them apart."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Column, Table, text
from sqlalchemy.exc import IntegrityError

from libs.contracts.services import BY_NAME
from libs.data.db import Base, transaction
from libs.web.lists import Listing
from tests.contract.seeded_service import USER_IDS, SeededService

# More than two of the pages that the lists are walked in.
ROWS = 8
_SERIES = f"FROM generate_series(1, {ROWS}) AS n"
_MOMENT = "TIMESTAMPTZ '2026-06-01 07:00:00+08' + (n / 2) * interval '1 hour 1 microsecond'"
_MAYBE = f"CASE WHEN n % 3 > 0 THEN {_MOMENT} END"
_UUID = "CAST(md5(CAST(n AS text)) AS uuid)"
_VALUES: dict[type, str] = {
    int: "n / 3",
    Decimal: "n / 3",
    str: "'Same ' || n / 3",
    bool: "n % 2 = 0",
    UUID: _UUID,
    date: "DATE '2026-07-01' + n",
    datetime: _MOMENT,
    dict: "'{}'",
    list: "'[]'",
}
"""What the eight rows hold in a column of each type, where nothing else is said."""


def auth(seeded: SeededService) -> None:
    """Add accounts, some of which never signed in, and sign-ins of the cadet."""
    user_id = USER_IDS["cadet"]
    run(
        seeded,
        f"""INSERT INTO auth."user" (id, username, role, display_name, created_at, last_login_at)
            SELECT 5000 + n, 'crowd-' || n, CASE WHEN n % 2 = 0 THEN 'staff' ELSE 'admin' END, 'Same ' || n / 3, {_MOMENT},
                {_MAYBE} {_SERIES}""",
        f"""INSERT INTO auth.session (id, user_id, created_at, last_used_at, expires_at, address, user_agent)
            SELECT {_UUID}, {user_id}, {_MOMENT}, {_MOMENT}, now() + interval '7 days', '203.0.113.' || n, 'test' {_SERIES}""",
        # The lists of a person other than the cadet, where a list is asked as an administrator.
        f"""INSERT INTO auth.session (id, user_id, created_at, last_used_at, expires_at, address, user_agent)
            SELECT CAST(md5('admin' || n) AS uuid), {USER_IDS["admin"]}, {_MOMENT}, {_MOMENT}, now() + interval '7 days', '::1',
                '' {_SERIES}""",
    )


def roster(seeded: SeededService) -> None:
    """Add cadets and staff with and without a company and a rank, and imports of one moment."""
    run(
        seeded,
        f"""INSERT INTO roster.cadet (student_id, username, first_name, last_name, company, platoon, rank, created_at)
            SELECT '2020-' || n, 'crowd' || n, 'Ana', 'Same ' || n / 3, CASE WHEN n % 3 > 0 THEN 'Alpha' END,
                CASE WHEN n % 3 > 1 THEN '1st Platoon' END, CASE WHEN n % 2 = 0 THEN 'CDT COL' END, {_MOMENT} {_SERIES}""",
        f"""INSERT INTO roster.staff (first_name, last_name, position, created_at)
            SELECT 'Ana', 'Same ' || n / 3, CASE WHEN n % 2 = 0 THEN 'Instructor' ELSE 'Admin' END, {_MOMENT} {_SERIES}""",
        f"""INSERT INTO roster.cadet_import (status, filename, summary, warnings, parsed, rows, created_by, created_at)
            SELECT CASE WHEN n % 2 = 0 THEN 'preview' ELSE 'undone' END, 'roster.xlsx', '{{}}', '{{}}', '[]', '[]', 1, {_MOMENT}
            {_SERIES}""",
    )


def grading(seeded: SeededService) -> None:
    """Add terms, cadets, merits (one of them void) and scores (some taken back) beside the seeded ones."""
    term, day, cadet = (seeded.values[name] for name in ("term_id", "day_id", "cadet_id"))
    run(
        seeded,
        f"""INSERT INTO grading.term (name, school_year, semester, starts_on, ends_on, policy_version, created_by, created_at)
            SELECT 'Term ' || n / 2, '2020-2021', 'Semester ' || n, DATE '2020-06-01' + n / 3, DATE '2020-12-01', 1, 1, {_MOMENT}
            {_SERIES}""",
        f"""INSERT INTO grading.cadet_ref (id, student_id, name, sort_name, search, company, platoon)
            SELECT 100 + n, CASE WHEN n % 2 = 0 THEN '2020-' || n END, 'Same ' || n / 3, 'same ' || n / 3, 'same',
                CASE WHEN n % 3 > 0 THEN 'Alpha' END, CASE WHEN n % 3 > 1 THEN '1st Platoon' END {_SERIES}""",
        f"""INSERT INTO grading.mark (training_day_id, cadet_id, term_id, record_id, status, occurred_at, device_id, device_seq,
                actor_id)
            SELECT {day}, 100 + n, {term}, {_UUID}, CASE WHEN n % 3 > 0 THEN 'present' ELSE 'none' END, {_MOMENT}, '', n, 2
            {_SERIES}""",
        f"""INSERT INTO grading.grade (term_id, cadet_id, merits, late, so_far, state)
            SELECT {term}, 100 + n, n / 3, n / 2, CASE WHEN n % 3 > 0 THEN json_build_object('total', 80 + n / 4,
                'attendance', 28.5) END, 'provisional' {_SERIES}""",
        f"""INSERT INTO grading.record (id, kind, term_id, cadet_id, points, reason, occurred_at, recorded_at, actor_id)
            SELECT {_UUID}, 'merit', {term}, {cadet}, 1 + n / 3, 'Early', {_MOMENT}, {_MOMENT}, 2 {_SERIES}""",
        f"""INSERT INTO grading.record (id, kind, term_id, cadet_id, target_id, reason, occurred_at, recorded_at, actor_id)
            SELECT CAST(md5('void') AS uuid), 'void', {term}, {cadet}, {_UUID}, 'Twice', {_MOMENT}, {_MOMENT}, 2
            FROM generate_series(1, 1) AS n""",  # noqa: S608 - numbers of our own
        f"""INSERT INTO grading.record (id, kind, term_id, cadet_id, exam, value, occurred_at, recorded_at, actor_id)
            SELECT CAST(md5('score' || n) AS uuid), 'score', {term}, {cadet}, 'prelim',
                CASE WHEN n % 3 > 0 THEN 70.25 + n / 3 END, {_MOMENT}, {_MOMENT}, 2 {_SERIES}""",
        f"""INSERT INTO grading.score (term_id, cadet_id, exam, record_id, occurred_at, device_id, device_seq, actor_id)
            VALUES ({term}, {cadet}, 'prelim', CAST(md5('score1') AS uuid), now(), '', 0, 2)""",  # noqa: S608 - numbers of our own
    )


def realtime(seeded: SeededService) -> None:
    """Add notifications to the administrator, half of them read."""
    run(
        seeded,
        f"""INSERT INTO messaging.notification (id, user_id, message, kind, priority, data, created_at, read_at)
            SELECT {_UUID}, {USER_IDS["admin"]}, 'Muster', CASE WHEN n % 2 = 0 THEN 'muster' ELSE 'news' END, 'normal', '{{}}',
                {_MOMENT}, {_MAYBE} {_SERIES}""",
    )


def tasks(seeded: SeededService) -> None:
    """Add jobs, some of them unfinished."""
    run(
        seeded,
        f"""INSERT INTO ops.job (id, kind, params, requested_by, request_id, status, progress, message, attempts, sends,
                not_before, created_at, finished_at)
            SELECT {_UUID}, CASE WHEN n % 2 = 0 THEN 'email' ELSE 'grade_sheet' END, '{{}}', {USER_IDS["admin"]}, '',
                CASE WHEN n % 3 > 0 THEN 'succeeded' ELSE 'queued' END, 0, '', 0, 0, {_MOMENT}, {_MOMENT}, {_MAYBE} {_SERIES}""",
    )


def run(seeded: SeededService, *statements: str) -> None:
    """Execute statements in the schema of the service."""
    with seeded.app.app_context(), transaction() as session:
        for statement in statements:
            session.execute(text(statement))


def fill(seeded: SeededService, fields: list[str]) -> None:
    """Add eight rows to the table of the list with these fields, as far as its model says what they hold.

    A column that is named like something seeded (`term_id`) is about that; a foreign key leads to the first row there is. A table
    with rules of its own refuses, and then the list needs `rows` in its rule.
    """
    for listing in listings(BY_NAME[seeded.app.config["RGMS"].service].package):
        table = Base.metadata.tables.get(listing.source.split()[0].replace('"', ""))
        if list(listing.fields) == fields and table is not None:
            values = {column.name: _value(seeded, column) for column in table.columns if _is_asked(column)}
            statement = f"INSERT INTO {_quoted(table)} ({', '.join(values)}) SELECT {', '.join(values.values())} {_SERIES}"
            with suppress(IntegrityError):
                run(seeded, statement)


def listings(package: str) -> Iterator[Listing]:
    """Yield every list that the queries of a service declare."""
    queries = importlib.import_module(f"{package}.queries")
    for found in pkgutil.iter_modules(queries.__path__, f"{package}.queries."):
        yield from (value for value in vars(importlib.import_module(found.name)).values() if isinstance(value, Listing))


def _quoted(table: Table) -> str:
    return f'{table.schema}."{table.name}"'


def _is_asked(column: Column) -> bool:
    return column.server_default is None and not (column.primary_key and column.type.python_type is int)


def _value(seeded: SeededService, column: Column) -> str:
    if column.name in seeded.values:
        return repr(seeded.values[column.name])
    for key in column.foreign_keys:
        name = key.column.name
        return f"(SELECT {name} FROM {_quoted(key.column.table)} ORDER BY {name} LIMIT 1)"  # noqa: S608 - names of our own models
    value = _VALUES.get(column.type.python_type, "NULL")
    return f"CASE WHEN n % 3 > 0 THEN {value} END" if column.nullable else value


CROWDS: dict[str, Callable[[SeededService], None]] = {
    "auth": auth, "roster": roster, "grading": grading, "realtime": realtime, "tasks": tasks,
}  # fmt: skip
