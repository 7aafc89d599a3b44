"""The e-mails RGMS sends, as plain text: who, what, and nothing that a mail program would load from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default

from libs.clock import MANILA
from libs.contracts.tasks import ACTIVATION, EMAIL_CHANGED, EMAIL_PROPOSED, GUESSED, PASSWORD_RESET, SECURITY_NOTICE
from libs.web.errors import Invalid

Values = Mapping[str, str | None]
# Within SMTP's 998 a line is not broken, so that a link stays whole also in the file of the outbox folder.
_WHOLE_LINES = default.clone(max_line_length=900)
SIGNATURE = "RGMS, ROTC Grading Management System\nMSU-SND ROTC Unit"


def build_message(*, template: str, to: str, name: str, values: Values, sender: str, message_id: str) -> EmailMessage:
    """Return the e-mail of `template` to one person.

    Args:
        message_id: the same for every try of one job, so that mail systems can drop a double.

    Raises:
        Invalid: the template lacks a value, or the address cannot be written into a header.
    """
    try:
        subject, body = TEMPLATES[template](values)
        message = EmailMessage(policy=_WHOLE_LINES)
        message["Subject"] = subject
        message["From"] = sender
        message["To"] = Address(display_name=name, addr_spec=to)
    except KeyError as error:
        raise Invalid("The e-mail lacks a value.", code="email_incomplete", details={"missing": [str(error.args[0])]}) from error
    except (ValueError, IndexError, UnicodeError) as error:
        raise Invalid("The address of this e-mail is not usable.", code="email_address") from error
    message["Message-ID"] = f"<{message_id}@rgms>"
    message["Auto-Submitted"] = "auto-generated"
    greeting = f"Good day, {name}." if name else "Good day."
    message.set_content(f"{greeting}\n\n{body}\n\n-- \n{SIGNATURE}\n")
    return message


def _password_reset(values: Values) -> tuple[str, str]:
    return "RGMS: choose a new password", (
        "Somebody, most likely you, asked to reset the password of your RGMS account.\n\n"
        f"Open this link to choose a new one:\n{values['link']}\n\n"
        f"It works once, until {_manila(values['expires_at'])}. If it was not you, do nothing: your password stays as it is."
    )


def _activation(values: Values) -> tuple[str, str]:
    where = f"Open {values['link']} and" if values.get("link") else "Open RGMS, choose Activate account, and"
    return "RGMS: activate your account", (
        "Your RGMS account is ready.\n\n"
        f"Username: {values['username']}\nActivation code: {values['code']}\n\n"
        f"{where} set your own password with this code. It works once, until {_manila(values['expires_at'])}."
    )


def _guessed(values: Values) -> tuple[str, str]:
    return "RGMS: somebody is guessing your password", (
        f"Since {_manila(values['since'])} there were {values['tries']} wrong passwords for your RGMS account, from devices "
        "that you never signed in from. None of them was let in.\n\n"
        "Devices that you signed in from before work as always. Others wait between two tries until the guessing stops.\n\n"
        f"If your password is short, or one you use elsewhere, choose a new one:\n{values['link']}"
    )


def _email_changed(values: Values) -> tuple[str, str]:
    return "RGMS: your e-mail address was changed", (
        f"Links to reset your RGMS password go to {values['new_email'] or 'no address'} from now on, and not here any more.\n\n"
        f"If that was you, do nothing. If it was not, take it back:\n{values['link']}\n\n"
        f"You can until {_manila(values['expires_at'])}. Everyone who is signed in to your account is signed out then, "
        "and a link to choose a new password comes here."
    )


def _email_proposed(values: Values) -> tuple[str, str]:
    return "RGMS: is this your new e-mail address?", (
        f"The office wrote {values['new_email']} into your record. Links to reset your RGMS password keep coming here until "
        "you or a second officer have said that it is yours.\n\n"
        f"Say whether it is:\n{values['link']}"
    )


def _security_notice(values: Values) -> tuple[str, str]:
    return "RGMS: a change in the security of your account", (
        f"{values['what']}\n\nWhen: {_manila(values['at'])}\nFrom: {values['where']}\n\n"
        "If that was you, do nothing. If it was not, end the sign-ins that you do not know and choose a new password:\n"
        f"{values['link']}"
    )


TEMPLATES: Mapping[str, Callable[[Values], tuple[str, str]]] = {
    PASSWORD_RESET: _password_reset,
    ACTIVATION: _activation,
    GUESSED: _guessed,
    EMAIL_CHANGED: _email_changed,
    EMAIL_PROPOSED: _email_proposed,
    SECURITY_NOTICE: _security_notice,
}


def _manila(instant: str | None) -> str:
    return f"{datetime.fromisoformat(instant or '').astimezone(MANILA):%d %B %Y, %H:%M} (Manila time)"
