"""How a person of the roster becomes an account."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

ROLES = ("admin", "staff", "cadet")
USERNAME_MAX = 150
_NOT_A_NAME = re.compile(r"[^a-z0-9]+")


def username_of_cadet(cadet: Mapping[str, Any]) -> str:
    """Return the name a cadet signs in with: the imported username, else the student id, else the roster id."""
    return _first(cadet.get("username"), cadet.get("student_id")) or f"cadet.{cadet['id']}"


def username_of_staff(staff: Mapping[str, Any]) -> str:
    """Return the name a member of staff signs in with: the e-mail, else first.last, else the roster id."""
    named = f"{_plain(staff.get('first_name'))}.{_plain(staff.get('last_name'))}".strip(".")
    return _first(staff.get("email"), named) or f"staff.{staff['id']}"


def username_candidates(wanted: str, person_id: int) -> tuple[str, ...]:
    """Return the names to try in order: the wanted one, then the same made unique by the roster id.

    Two cadets may carry one username in a workbook; the second must still get an account, and always the same name.
    """
    return wanted, f"{wanted[: USERNAME_MAX - 12]}.{person_id}"


def withdrawn_usernames(person_id: int) -> tuple[str, ...]:
    """Return the names to try for the account of a withdrawn cadet, whose own name is free again."""
    return username_candidates(f"withdrawn.{person_id}", person_id)


def display_name(person: Mapping[str, Any]) -> str:
    """Return first name, middle initial, last name and suffix, as far as they are known."""
    middle = (person.get("middle_name") or "").strip()
    parts = (person.get("first_name"), f"{middle[0]}." if middle else "", person.get("last_name"), person.get("suffix_name"))
    return " ".join(part.strip() for part in parts if part and part.strip())[:200]


def _first(*names: str | None) -> str | None:
    return next((name.strip()[:USERNAME_MAX] for name in names if name and name.strip()), None)


def _plain(text: str | None) -> str:
    folded = unicodedata.normalize("NFKD", text or "").encode("ascii", "ignore").decode().lower()
    return _NOT_A_NAME.sub("", folded)
