"""When two student numbers are one: their digits are compared, wherever a number is read, stored, searched or typed."""

from __future__ import annotations

import re
import unicodedata

# Blanks and dashes of any kind may stand between the digits. `KEY_SQL` says the same to PostgreSQL.
_NUMBER = re.compile(r"[0-9](?:[ \-\u2010-\u2015\u2212]*[0-9])*")
# PostgreSQL's twin of `student_key`, over the column `student_id`, out of immutable functions only.
KEY_SQL = (
    r"CASE WHEN normalize(student_id, NFKC) ~ '^[0-9]([ \-\u2010-\u2015\u2212]*[0-9])*$' "
    r"THEN regexp_replace(normalize(student_id, NFKC), '[^0-9]', '', 'g') ELSE lower(student_id) END"
)


def student_key(text: str) -> str:
    """Return what two spellings of one student id have in common: the digits of a number, else the text in lower case.

    `2025-00123` and `202500123` are one number: a spreadsheet drops the dash with the text format.
    """
    return number_digits(text) or text.lower()


def number_digits(text: str) -> str | None:
    """Return the digits of a student number; None for an id of another kind, as legacy records have (a user name, an address)."""
    plain = unicodedata.normalize("NFKC", text)
    return re.sub(r"[^0-9]", "", plain) if _NUMBER.fullmatch(plain) else None
