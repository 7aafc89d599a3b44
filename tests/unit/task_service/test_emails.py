"""E-mails: plain text, one recipient, nothing that could forge a header."""

from __future__ import annotations

import pytest

from libs.contracts.tasks import (
    ACTIVATION,
    EMAIL_CHANGED,
    EMAIL_PROPOSED,
    EMAIL_TEMPLATES,
    GUESSED,
    PASSWORD_RESET,
    SECURITY_NOTICE,
)
from libs.web.errors import Invalid
from task_service.documents.messages import TEMPLATES, build_message

VALUES = {
    PASSWORD_RESET: {"link": "https://rgms.example/reset-password#token=abc", "expires_at": "2026-11-20T04:00:00+00:00"},
    EMAIL_CHANGED: {"new_email": "n@x.ph", "link": "https://rgms.example/e#t=a", "expires_at": "2026-11-20T04:00:00+00:00"},
    EMAIL_PROPOSED: {"new_email": "n@x.ph", "link": "https://rgms.example/e#t=a"},
    ACTIVATION: {"username": "penaflor", "code": "ABCD-2345", "expires_at": "2026-11-27T04:00:00+00:00", "link": None},
    SECURITY_NOTICE: {"what": "X.", "at": "2026-11-20T04:00:00+00:00", "where": "phone", "link": "https://rgms.example/account"},
    GUESSED: {"tries": "30", "since": "2026-11-27T04:00:00+00:00", "link": "https://rgms.example/forgot-password"},
}


def message(template: str = PASSWORD_RESET, **more):
    facts = {"to": "nino@example.com", "name": "Niño Peñaflor", "values": VALUES[template], "sender": "RGMS <rgms@example.com>"}
    return build_message(template=template, **(facts | {"message_id": "job-1"} | more))


@pytest.mark.parametrize("template", EMAIL_TEMPLATES)
def test_every_template_is_plain_text_with_its_values_in_it(template):
    built = message(template)
    text = built.get_content()
    assert built.get_content_type() == "text/plain"
    assert all(value in text for key, value in VALUES[template].items() if value and key not in {"expires_at", "since", "at"})
    assert ("12:00 (Manila time)" in text) == bool(VALUES[template].keys() & {"expires_at", "since", "at"})
    assert "Good day, Niño Peñaflor." in text
    assert built["To"].addresses[0].addr_spec == "nino@example.com"
    assert set(TEMPLATES) == set(EMAIL_TEMPLATES)


def test_every_try_carries_the_same_message_id():
    assert message()["Message-ID"] == message()["Message-ID"] == "<job-1@rgms>"


@pytest.mark.requirement("20.5")
@pytest.mark.parametrize("field", [{"name": "A\r\nBcc: x@example.com"}, {"to": "a@b.c\r\nBcc: x@y.z"}, {"to": "no address"}])
def test_an_address_that_would_forge_a_header_is_refused(field):
    with pytest.raises(Invalid):
        message(**field)


def test_a_missing_value_is_named():
    with pytest.raises(Invalid) as refusal:
        message(values={"link": "x"})
    assert refusal.value.details == {"missing": ["expires_at"]}
