"""Every service against its own OpenAPI: no 500, no undocumented status, no answer of another shape than documented."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from tests.contract.route_rules import RULES
from tests.contract.seeded_service import SeededService, seeded_service

load_all_checks()
SERVICES = ("auth", "roster", "grading", "media", "realtime", "tasks")
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
# Both kinds together stay under a minute for all services; a longer hunt only needs larger numbers.
EXAMPLES = {GenerationMode.POSITIVE: 6, GenerationMode.NEGATIVE: 10}


@pytest.fixture
def seeded(service_app, people, request) -> SeededService:
    """The service that the test is about, with data in it."""
    return seeded_service(request.param, service_app(request.param), people)


def headers_for(seeded: SeededService, service: str, method: str, path: str) -> dict[str, str]:
    """Return the headers of somebody who may use the operation."""
    if path.startswith("/internal/"):
        return seeded.people.service("tasks", service)
    rule = RULES[service].get(f"{method.upper()} {path.replace('{', '<').replace('}', '>')}")
    if rule is None or rule.nobody != 401:
        return seeded.headers("nobody")
    return seeded.headers("admin" if rule.admin not in {403, 404} else "cadet")


@pytest.mark.requirement("20.1")
@pytest.mark.parametrize("seeded", SERVICES, indirect=True)
def test_a_service_answers_anything_as_its_openapi_says(seeded):
    service = seeded.app.config["RGMS"].service
    schema = schemathesis.openapi.from_wsgi("/openapi.json", seeded.app)
    problems: list[str] = []
    operations = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        operations += 1
        # Its WSGI transport says that it takes gzip, and does not unpack it.
        headers = headers_for(seeded, service, operation.method, operation.path) | {"Accept-Encoding": "identity"}
        for mode, examples in EXAMPLES.items():
            problems += _try(operation, mode, examples, headers)

    assert operations >= len(RULES[service])
    assert problems == []


def _try(operation, mode: GenerationMode, examples: int, headers: dict[str, str]) -> list[str]:
    found: list[str] = []

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case) -> None:
        response = case.call(headers=headers)
        if response.status_code == 500:
            found.append(f"{case.as_curl_command(headers)} -> 500")
            return
        try:
            case.validate_response(response, checks=CHECKS)
        except Exception as failure:
            found.append(f"{operation.label}: {failure}"[:2000])

    try:
        ask()
    except Exception as error:
        # Nothing can be generated against an operation without parameters and body: there is nothing to negate.
        if "Unsatisfiable" not in type(error).__name__:
            raise
    return found[:2]
