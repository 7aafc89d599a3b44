"""A list that is kept names every table it is read from, so that no write to one of them leaves it as it was."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from cli.testing.plugin import People
from libs.data.db import reading
from tests.service.grading_service.grading_api import GradingApi

TRIGGERS = text(
    """SELECT c.relname, encode(t.tgargs, 'escape') FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = :schema AND t.tgname LIKE '%renews_revisions'"""
)
# What each row of these renews, besides what the trigger is told.
ROWS = {"grade": {"grades:{term_id}"}, "term": {"grades:{term_id}", "terms"}}
# The rows of a policy never change.
NEVER_CHANGES = {"policy", "revision"}


@pytest.fixture
def term(service_app: Callable[[str], Flask], people: People) -> int:
    """A term with a day, and cadets."""
    app = service_app("grading")
    grading = GradingApi(app, app.test_client(), people)
    grading.cadets(1, 2)
    term = grading.term()
    grading.days(term, 1)
    return term


@pytest.mark.parametrize("service", ["grading", "roster"])
def test_every_table_that_a_kept_list_reads_lets_it_go(service, service_app, people, count_queries, term):
    app = service_app(service)
    with app.app_context(), reading() as connection:
        told = connection.execute(TRIGGERS, {"schema": service}).all()
    renewed: dict[str, set[str]] = {}
    for table, argument in told:
        renewed.setdefault(table, set(ROWS.get(table, ()))).add(argument.partition("\\")[0])
    read: set[str] = set()
    for rule in app.url_map.iter_rules():
        lists = getattr(app.view_functions[rule.endpoint], "rgms_lists", None)
        if lists is None or "GET" not in rule.methods:
            continue
        path = re.sub(r"<[^>]*>", str(term), rule.rule)
        with count_queries(app) as statements:
            answer = app.test_client().get(f"{path}?term_id={term}", headers=people.admin())
        assert answer.status_code == 200, (path, answer.json)
        tables = set(re.findall(rf"\b{service}\.(\w+) ", " ".join(statements))) - NEVER_CHANGES
        assert tables, f"{rule.rule} was not made anew"
        read |= tables
        for table in tables:
            # Name that table's list in `cached_list`; a table without a trigger gets one by a migration, like its neighbours.
            assert renewed.get(table, set()) & set(lists), f"{rule.rule} reads {service}.{table}, but is kept by {lists} alone"
    assert len(read) >= 4
