"""E-mail over SMTP against a server that speaks the protocol: encryption, sign-in, refusals, silence."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path
from uuid import uuid4

import pytest

from libs.config import ConfigError
from libs.web.errors import Invalid, UpstreamDown
from task_service.adapters.mail import deliver
from task_service.config import load
from task_service.documents.messages import build_message
from tests.support.smtp_server import smtp_server

CERTIFICATE = Path(__file__).resolve().parents[2] / "support" / "localhost.pem"
VALUES = {"username": "nino", "code": "ABCD-2345", "expires_at": "2026-11-27T04:00:00+00:00", "link": None}


def mail(port: int, **more: str):
    return load({"SMTP_HOST": "localhost", "SMTP_PORT": str(port), "SMTP_FROM": "RGMS <rgms@example.com>", **more}).mail


def letter():
    return build_message(
        template="activation",
        to="nino@example.com",
        name="Niño",
        values=VALUES,
        sender="RGMS <rgms@example.com>",
        message_id="m-1",
    )


@pytest.fixture
def certificate(monkeypatch):
    """A server context for localhost that this process trusts only when `trusted` is asked for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context, lambda: monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


@pytest.mark.requirement("11.1")
def test_a_letter_goes_encrypted_and_signed_in(certificate):
    context, trust = certificate
    trust()
    with smtp_server(tls=context, login=("rgms", "pw")) as server:
        assert deliver(mail(server.port, SMTP_USER="rgms", SMTP_PASSWORD="pw"), letter(), uuid4()) == "smtp"
    assert server.encrypted == [True] and server.recipients == ["nino@example.com"]
    assert "ABCD-2345" in server.messages[0].get_content()


def test_a_server_whose_certificate_is_not_trusted_gets_no_letter(certificate):
    context, _trust = certificate
    with smtp_server(tls=context) as server, pytest.raises(UpstreamDown):
        deliver(mail(server.port), letter(), uuid4())
    assert server.messages == []


def test_a_server_without_encryption_gets_no_letter_unless_that_was_chosen():
    with smtp_server() as server:
        with pytest.raises(UpstreamDown) as failure:
            deliver(mail(server.port), letter(), uuid4())
        assert failure.value.code == "mail_unsupported" and server.messages == []
        deliver(mail(server.port, SMTP_TLS="none"), letter(), uuid4())
        assert len(server.messages) == 1


@pytest.mark.requirement("3.4")
@pytest.mark.parametrize(
    ("answers", "error", "code"),
    [
        ({"RCPT": "550 no such user nino@example.com"}, Invalid, "mail_refused"),
        ({"RCPT": "450 busy"}, UpstreamDown, "mail_later"),
        ({"MAIL": "553 sender refused"}, Invalid, "mail_refused"),
        ({"DATA": "451 later"}, UpstreamDown, "mail_later"),
        ({"EHLO": "421 closing", "HELO": "421 closing"}, UpstreamDown, "mail_later"),
    ],
)
def test_a_refusal_is_final_or_tried_again_and_repeats_no_address(answers, error, code):
    with smtp_server(answers=answers) as server, pytest.raises(error) as refusal:
        deliver(mail(server.port, SMTP_TLS="none"), letter(), uuid4())
    assert refusal.value.code == code
    assert "nino" not in refusal.value.message and server.messages == []


def test_a_failure_after_the_letter_was_taken_does_not_send_it_again():
    with smtp_server(answers={"QUIT": "421 crashed"}) as server:
        deliver(mail(server.port, SMTP_TLS="none"), letter(), uuid4())
    assert len(server.messages) == 1


def test_no_server_at_all_is_tried_again():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(UpstreamDown) as failure:
            deliver(mail(unused.getsockname()[1]), letter(), uuid4())
    assert failure.value.code == "mail_unreachable"


def test_the_outbox_folder_that_cannot_be_written_is_tried_again(tmp_path):
    (tmp_path / "outbox").write_text("a file where the folder should be")
    with pytest.raises(UpstreamDown):
        deliver(load({"RGMS_DATA_DIR": str(tmp_path)}).mail, letter(), uuid4())


@pytest.mark.requirement("25.4")
@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"SMTP_HOST": "mail"}, "SMTP_FROM"),
        ({"SMTP_TLS": "maybe"}, "SMTP_TLS"),
        ({"MAIL": "pigeon"}, "MAIL"),
        ({"MAIL": "smtp"}, "SMTP_HOST"),
        ({"SMTP_PORT": "x"}, "SMTP_PORT"),
        ({"SMTP_USER": "u@x", "SMTP_TLS": "none"}, "SMTP_USER"),
        ({"JOB_TIME_LIMIT": "30", "JOB_TIME_GRACE": "60"}, "JOB_TIME_GRACE"),
        ({"WORKER_CONCURRENCY": "0"}, "WORKER_CONCURRENCY"),
    ],
)
def test_settings_that_cannot_work_refuse_to_start(variables, named):
    with pytest.raises(ConfigError, match=named):
        load(variables)


def test_the_folder_chosen_by_name_takes_the_mail_even_beside_a_server():
    assert load({"MAIL": "folder", "SMTP_HOST": "mail", "SMTP_FROM": "a@example.com"}).mail.host == ""


@pytest.mark.requirement("3.2", "3.7")
def test_the_limits_of_the_requirements_are_the_defaults():
    settings = load({})
    assert (settings.concurrency, settings.time_limit, settings.max_retries) == (2, 1800, 3)
