"""A grading service with cadets that the roster told of."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from cli.testing.plugin import People
from tests.service.grading_service.field import Grading


@pytest.fixture
def grading(service_app: Callable[[str], Flask], people: People) -> Grading:
    """The service, with cadets 1 to 4."""
    app = service_app("grading")
    house = Grading(app, app.test_client(), people)
    house.cadets(1, 2, 3, 4)
    return house
