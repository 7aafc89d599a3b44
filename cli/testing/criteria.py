"""A pytest plugin that writes the criteria each test proves into the JUnit report, for `rgms requirements`."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Carry every id of a `requirement` mark into the report as a property of the test."""
    for item in items:
        for mark in item.iter_markers("requirement"):
            item.user_properties.extend(("requirement", str(criterion)) for criterion in mark.args)
