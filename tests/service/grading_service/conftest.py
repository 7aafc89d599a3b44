"""A grading service with cadets that the roster told of."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from cli.testing.plugin import People
from tests.service.grading_service.grading_api import GradingApi


@pytest.fixture
def grading_api(service_app: Callable[[str], Flask], people: People) -> GradingApi:
    """The service, with cadets 1 to 4."""
    app = service_app("grading")
    api = GradingApi(app, app.test_client(), people)
    api.cadets(1, 2, 3, 4)
    return api
