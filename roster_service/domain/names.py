"""Names of people: cleaning, folding for comparison, and taking a full name apart."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "v"})
STUDENT_NUMBER = re.compile(r"\d{4}-?\d{3,}")


@dataclass(frozen=True)
class FullName:
    """The parts of a full name; an absent part is an empty string."""

    last: str = ""
    first: str = ""
    middle: str = ""
    suffix: str = ""


def letters_and_digits(text: str) -> str:
    """Return the lower-case ASCII letters and digits of `text`: how a student number becomes a user name."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def is_suffix(word: str) -> bool:
    """Return whether `word` is a name suffix such as Jr. or III."""
    return word.rstrip(".").lower() in _SUFFIXES


def split_full_name(text: str) -> FullName:
    """Take apart 'Last, First Middle [Suffix]' or, without a comma, 'First [..] Last'.

    One word alone is a last name only: who reads it must ask for the rest.
    """
    if "," not in text:
        words = text.split()
        return FullName(last=words[-1] if words else "", first=" ".join(words[:-1]))
    last, given = (part.strip() for part in text.split(",", 1))
    # 'Last, First, Jr.' is the same name with one more comma.
    words, suffix = given.replace(",", " ").split(), ""
    if words and is_suffix(words[-1]):
        suffix = words.pop()
    middle = words.pop() if len(words) > 1 else ""
    return FullName(last=last, first=" ".join(words), middle=middle, suffix=suffix)


def display_name(last: str, first: str, middle: str | None = None, suffix: str | None = None) -> str:
    """Return 'Last, First Middle Suffix' as rolls and grade sheets print it."""
    given = " ".join(part for part in (first, middle, suffix) if part)
    return f"{last}, {given}" if last and given else last or given


def search_words(text: str) -> list[str]:
    """Return the words of a search: lower case, no diacritics, commas as blanks; at most eight, more find nothing new."""
    decomposed = unicodedata.normalize("NFKD", text.replace(",", " "))
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return plain.lower().split()[:8]
