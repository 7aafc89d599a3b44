"""Hand an e-mail over: to an SMTP server, or without one to the local outbox folder."""

from __future__ import annotations

import contextlib
import logging
import os
import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP as LINE_ENDS
from uuid import UUID

from libs.web.errors import Invalid, UpstreamDown
from task_service.config import MailSettings

SECONDS = 20.0
BY_SMTP, BY_FOLDER = "smtp", "outbox"

log = logging.getLogger(__name__)


def deliver(mail: MailSettings, message: EmailMessage, job_id: UUID) -> str:
    """Hand `message` over and return how: `smtp` or `outbox`.

    Raises:
        Invalid: the server refuses this recipient or message for good.
        UpstreamDown: the server does not answer, or says to try later.
    """
    if mail.host:
        _send(mail, message)
        return BY_SMTP
    _write(mail, message, job_id)
    return BY_FOLDER


def _send(mail: MailSettings, message: EmailMessage) -> None:
    try:
        server = _connected(mail)
        try:
            if mail.user:
                server.login(mail.user, mail.password)
            server.send_message(message)
        except BaseException:
            # No polite QUIT: a server that hangs would hang it too, past the time limit of the job.
            server.close()
            raise
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        raise _answer(max(codes, default=550)) from error
    except smtplib.SMTPAuthenticationError as error:
        # Ours to mend, not the recipient's: it is tried again, and logged until it works.
        raise UpstreamDown("The mail server refused our sign-in.", code="mail_sign_in") from error
    except smtplib.SMTPResponseException as error:
        raise _answer(error.smtp_code) from error
    except smtplib.SMTPNotSupportedError as error:
        raise UpstreamDown("The mail server lacks a feature we require.", code="mail_unsupported") from error
    except (smtplib.SMTPException, OSError) as error:
        raise UpstreamDown("The mail server does not answer.", code="mail_unreachable") from error
    with contextlib.suppress(smtplib.SMTPException, OSError):
        # It has taken the e-mail: what fails now must not send it twice.
        server.quit()


def _connected(mail: MailSettings) -> smtplib.SMTP:
    if mail.tls == "tls":
        return smtplib.SMTP_SSL(mail.host, mail.port, timeout=SECONDS, context=ssl.create_default_context())
    server = smtplib.SMTP(mail.host, mail.port, timeout=SECONDS)
    if mail.tls == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server


def _answer(code: int) -> Exception:
    # Only the number: the server's text often repeats the address.
    if 500 <= code < 600:
        return Invalid(f"The mail server refused this e-mail ({code}).", code="mail_refused")
    return UpstreamDown(f"The mail server asks to try later ({code}).", code="mail_later")


def _write(mail: MailSettings, message: EmailMessage, job_id: UUID) -> None:
    target = mail.outbox / f"{job_id}.eml"
    part = target.with_suffix(".part")
    try:
        mail.outbox.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Readable by the owner only: it may hold a link that opens an account.
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(message.as_bytes(policy=LINE_ENDS))
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, target)
    except OSError as error:
        raise UpstreamDown("The e-mail could not be written to the outbox folder.", code="mail_outbox") from error
    log.warning("no mail server is configured: the e-mail was written to the outbox folder", extra={"file": target.name})
