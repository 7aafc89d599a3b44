"""The one error shape."""

from __future__ import annotations

import inspect

from libs.web import errors
from libs.web.errors import AppError, Invalid, UpstreamDown, error_body

FAMILY = [item for _, item in inspect.getmembers(errors, inspect.isclass) if issubclass(item, AppError)]


def test_every_error_has_a_status_a_title_a_code_and_a_message_for_a_person():
    for error in FAMILY:
        assert 400 <= error.status <= 599
        assert error.code == error.code.lower()
        assert error.message.endswith((".", "."))
        assert error.title


def test_the_shape_has_exactly_the_five_fields():
    body = error_body(Invalid(details={"name": ["Missing."]}), "r-1")

    assert body == {
        "error": "Invalid fields",
        "message": Invalid.message,
        "code": "invalid_fields",
        "details": {"name": ["Missing."]},
        "request_id": "r-1",
    }


def test_a_missing_dependency_says_when_to_try_again():
    assert UpstreamDown().retry_after == 2
