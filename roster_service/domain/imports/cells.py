"""What one cell says: any value a workbook can hold as clean text, and what had to be mended in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

# A formula that failed shows one of these; it is no text of the unit's.
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})


def text_of(value: Any) -> str:
    """Return a cell's value as composed (NFC), trimmed text; blanks of any kind inside it become one.

    Whole numbers lose their decimals, dates become ISO dates, a formula's error becomes nothing.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, (date, time)):
        return value.isoformat()
    text = str(value)
    if text.strip() in _ERRORS:
        return ""
    return " ".join(unicodedata.normalize("NFC", _visible(text)).split())


def _visible(text: str) -> str:
    # Control characters would end up in printed sheets and are refused by PostgreSQL (NUL); invisible format
    # characters and lone surrogates make two equal-looking student numbers differ.
    if text.isascii() and text.isprintable():
        return text
    kept = []
    for char in text:
        category = unicodedata.category(char)
        if category == "Cc":
            kept.append(" ")
        elif category not in {"Cf", "Cs", "Cn", "Co"}:
            kept.append(char)
    return "".join(kept)


def had_outer_blanks(values: Iterable[Any]) -> bool:
    """Return whether a text among `values` has blanks around it or a no-break space anywhere."""
    return any(isinstance(value, str) and ("\u00a0" in value or value != value.strip()) for value in values)


def had_inner_blanks(values: Iterable[Any]) -> bool:
    """Return whether a text among `values` has a run of blanks, or a line break, inside it."""
    return any(isinstance(value, str) and re.search(r"\S(?:\s{2,}|[^\S \u00a0])\S", value) is not None for value in values)


def had_decomposed_letters(values: Iterable[Any]) -> bool:
    """Return whether a text among `values` holds letters and their marks apart."""
    return any(isinstance(value, str) and not unicodedata.is_normalized("NFC", value) for value in values)


def had_error(values: Iterable[Any]) -> bool:
    """Return whether a cell among `values` shows a failed formula."""
    return any(isinstance(value, str) and value.strip() in _ERRORS for value in values)


def is_number(value: Any) -> bool:
    """Return whether a cell holds a number rather than text."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_placeholder(text: str) -> bool:
    """Return whether `text` is the row of dots that printed forms use for none."""
    return bool(re.fullmatch(r"\.(?: ?\.)+", text))
