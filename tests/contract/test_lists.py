"""Every list of every service, found in its OpenAPI document, walked through every parameter to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import pytest

from tests.contract.crowd import CROWDS, ROWS, fill, run
from tests.contract.route_rules import RULES
from tests.contract.seeded_service import SeededService, seeded_service

SERVICES = ("auth", "roster", "grading", "media", "realtime", "tasks")
PAGING = {"page", "page_size", "cursor", "sort", "fields"}
SHAPE = {"data", "page", "limit", "total", "next_cursor"}
# Answers with `data` that are no lists, and why.
WHOLE = {"GET /api/v1/units": "one tree, of which no branch can be shown without the others"}
STEP = 3


@dataclass(frozen=True)
class Listed:
    """One list operation as its service describes it."""

    seeded: SeededService
    name: str
    parameters: dict[str, dict[str, Any]]
    fields: list[str]

    @property
    def sorts(self) -> list[str]:
        return self.parameters["sort"]["schema"]["enum"]

    def ask(self, **query: Any) -> Any:
        """Return the answer to the list with this query and what it always needs."""
        service = self.seeded.app.config["RGMS"].service
        rule = RULES[service][self.name]
        role = "admin" if rule.admin == 200 else "cadet"
        needed = dict(parse_qsl(rule.query.format(**self.seeded.values)))
        path = self.name.partition(" ")[2].replace("<", "{").replace(">", "}").format(**self.seeded.values)
        return self.seeded.send(role, "GET", path, query_string=needed | query)

    def page(self, **query: Any) -> dict[str, Any]:
        """Return an answer that must be a page."""
        answer = self.ask(**query)
        assert answer.status_code == 200, (self.name, query, answer.get_data(as_text=True))
        assert set(answer.json) == SHAPE, (self.name, query)
        return answer.json

    def ids(self, page: dict[str, Any]) -> list[Any]:
        """Return what tells the rows of a page apart: the field that is always shown."""
        return [row[self.fields[0]] for row in page["data"]]


def lists_of(seeded: SeededService) -> Iterator[Listed]:
    """Find the lists of a service; an operation that answers rows in another way fails."""
    document = seeded.client.get("/openapi.json").json
    schemas = document["components"]["schemas"]
    for path, item in document["paths"].items():
        operation = item.get("get")
        if operation is None or path.startswith("/internal/"):
            continue
        name = f"GET {path.replace('{', '<').replace('}', '>')}"
        answer = operation["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
        properties = schemas[answer["$ref"].rpartition("/")[2]]["properties"] if "$ref" in answer else {}
        assert answer.get("type") != "array", f"{name}: a list is made by `listed` (libs/web/list_views.py)"
        if properties.get("data", {}).get("type") != "array" or name in WHOLE:
            continue
        parameters = {one["name"]: one for one in [*item.get("parameters", []), *operation.get("parameters", [])]}
        assert set(parameters) >= PAGING and set(properties) == SHAPE, f"{name}: make it by `listed` (libs/web/list_views.py)"
        fields = parameters["fields"]["schema"]["x-fields"]
        yield Listed(seeded, name, parameters, fields)


@pytest.fixture
def lists(service_app, people, request) -> list[Listed]:
    """Every list of a service with rows in it."""
    seeded = seeded_service(request.param, service_app(request.param), people)
    CROWDS.get(request.param, lambda _seeded: None)(seeded)
    run(seeded, *(rule.rows.format(**seeded.values) for rule in RULES[request.param].values() if rule.rows))
    found = list(lists_of(seeded))
    for one in found:
        if one.page()["total"] < ROWS:
            fill(seeded, one.fields)
        total = one.page()["total"]
        assert total >= ROWS, f"{one.name} has {total} rows here: give its rule {ROWS} `rows` in tests/contract/route_rules.py"
    return found


def each(check: Callable[[Listed], None]) -> Callable[[list[Listed]], None]:
    def test(lists):
        for one in lists:
            check(one)

    test.__doc__ = check.__doc__
    return pytest.mark.parametrize("lists", SERVICES, indirect=True)(test)


@pytest.mark.requirement("22.1", "22.2", "22.3", "22.4", "22.5")
@each
def test_pages_and_cursors_give_the_same_rows_once_each_in_every_order(one: Listed):
    for sort in one.sorts:
        whole = one.page(page_size=100, sort=sort)
        ids = one.ids(whole)
        assert len(set(ids)) == whole["total"] == len(ids), (one.name, sort)
        assert whole["next_cursor"] is None, (one.name, sort)
        paged: list[Any] = []
        for number in range(1, len(ids) // STEP + 2):
            page = one.page(page_size=STEP, sort=sort, page=number)
            paged += one.ids(page)
            more = len(paged) < len(ids)
            assert (page["total"], page["page"], page["limit"]) == (len(ids), number, STEP), (one.name, sort)
            assert (page["next_cursor"] is not None) == more, (one.name, sort, number, "a next cursor while more rows exist")
        walked, cursor = [], ""
        while cursor is not None:
            page = one.page(page_size=STEP, sort=sort, cursor=cursor)
            assert page["total"] == len(ids)
            walked += one.ids(page)
            cursor = page["next_cursor"]
            assert len(walked) <= len(ids), (one.name, sort, "the cursor does not end")
        assert paged == walked == ids, (one.name, sort)


@each
def test_a_dash_turns_the_order_round_and_leaves_those_without_a_value_last(one: Listed):
    for sort in one.sorts:
        if sort.startswith("-"):
            continue
        up, down = (one.ids(one.page(page_size=100, sort=sign + sort)) for sign in ("", "-"))
        turned = [up[:place][::-1] + up[place:][::-1] for place in range(1, len(up) + 1)]
        assert down in turned, (one.name, sort)


@pytest.mark.requirement("22.1", "22.2", "22.4")
@each
def test_a_list_has_twenty_rows_by_default_a_hundred_at_most_and_an_empty_end(one: Listed):
    assert (one.page()["limit"], one.page()["page"]) == (20, 1)
    assert one.page(page_size=100_000)["limit"] == 100
    beyond = one.page(page=1_000)
    assert (beyond["data"], beyond["next_cursor"]) == ([], None), one.name
    assert beyond["total"] == one.page()["total"]


@each
def test_a_list_shows_the_fields_asked_for(one: Listed):
    whole = one.page(page_size=5)["data"]
    first = one.fields[0]
    for row in whole:
        assert list(row) == one.fields or set(row) == set(one.fields), one.name
    for name in one.fields:
        assert one.page(page_size=5, fields=name)["data"] == [{key: row[key] for key in {first, name}} for row in whole], name
    page = one.page(page_size=STEP, fields=first)
    following = one.page(page_size=STEP, fields=first, cursor=page["next_cursor"])
    assert not set(one.ids(page)) & set(one.ids(following)), one.name
    refused = one.ask(fields=f"{first},password")
    assert refused.status_code == 422, one.name
    assert first in refused.json["details"]["fields"][0], "the answer names what there is"


@pytest.mark.requirement("20.1")
@each
def test_a_list_refuses_what_makes_no_sense(one: Listed):
    wrong = {"page": ["0", "-1", "x", "9" * 30], "page_size": ["0", "-5", "x", "1.5"], "cursor": ["x", "W10", "bnVsbA", "\0"]}
    wrong |= {"sort": ["password", f"{one.sorts[0]};drop table x", "\0"], "fields": ["\0", "*"]}
    for name, values in wrong.items():
        for value in values:
            answer = one.ask(**{name: value})
            assert (answer.status_code, list(answer.json["details"])) == (422, [name]), (one.name, name, value)
    cursor = one.page(page_size=STEP, sort=one.sorts[0])["next_cursor"]
    assert one.ask(sort=one.sorts[1], cursor=cursor).status_code == 422, (one.name, "a cursor of another order")


@each
def test_a_filter_only_takes_rows_away(one: Listed):
    total = one.page()["total"]
    for name, parameter in one.parameters.items():
        if name in PAGING or parameter.get("required"):
            continue
        schema = parameter["schema"]
        word = "2026-01-01T00:00:00Z" if schema.get("format") == "date-time" else "zz"
        given = {"boolean": ["true", "false"], "integer": [one.seeded.values.get(name)], "string": [word]}[schema["type"]]
        values = [value for value in schema.get("enum") or given if value is not None]
        for value in values:
            page = one.page(**{name: value})
            assert page["total"] <= total or name == "archived", (one.name, name)
            assert (page["total"] == 0) == (page["data"] == []), (one.name, name)
        assert one.ask(**{name: "\0"}).status_code == 422, (one.name, name)
