"""When two names can be one person's: the rule by which an import trusts a user name, an e-mail address or a number.

Decided in ADR 14. Names agree whatever their case, accents, apostrophes and hyphens, the order of family and given names,
and the place where a family name of several words was cut. A middle name or suffix may be missing on one side, and an initial
stands for a middle name. Another family name (a marriage), given name, middle name or suffix is no agreement: a person decides.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_SUFFIXES = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr"} | {word: word for word in ("ii", "iii", "iv", "v", "vi")}


@dataclass(frozen=True)
class _Name:
    family: tuple[str, ...]
    given: tuple[str, ...]
    middle: tuple[str, ...]
    suffix: str

    @property
    def core(self) -> set[str]:
        return {*self.family, *self.given}

    @property
    def words(self) -> Counter[str]:
        return Counter([*self.family, *self.given, *self.middle])


def names_agree(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether two sets of first_name, last_name, middle_name and suffix_name can be the same person's."""
    left, right = _joined_alike(_read(one), _read(other))
    if not left.core or not right.core:
        return False
    if left.suffix and right.suffix and left.suffix != right.suffix:
        return False
    if not (set(left.family) <= right.core and set(right.family) <= left.core):
        return False
    family = {*left.family} & {*right.family}
    # Of the given names one must be the same word: J. may be Juan or Jose.
    if left.core != right.core and not (left.core & right.core) - family:
        return False
    return _rest_agrees(left, right)


def name_words(text: str | None) -> tuple[str, ...]:
    """Return the words of a name without case, accents and punctuation; letters of any script stay."""
    decomposed = unicodedata.normalize("NFKD", (text or "").casefold())
    plain = "".join(char for char in decomposed if not unicodedata.combining(char) and char not in "'\u2019`\u02bc")
    return tuple("".join(char if char.isalnum() else " " for char in plain).split())


def _read(person: Mapping[str, Any]) -> _Name:
    family, given = name_words(person.get("last_name")), name_words(person.get("first_name"))
    suffix = "".join(name_words(person.get("suffix_name")))
    if len(family) > 1 and not suffix and family[-1] in _SUFFIXES:
        family, suffix = family[:-1], family[-1]
    if len(given) > 1 and not suffix and given[-1] in _SUFFIXES:
        given, suffix = given[:-1], given[-1]
    return _Name(family, given, name_words(person.get("middle_name")), _SUFFIXES.get(suffix, suffix))


def _joined_alike(left: _Name, right: _Name) -> tuple[_Name, _Name]:
    """Join what differs in nothing but its blanks or the cut between the names: Dela Cruz, De la Cruz; Maryann, Mary Ann."""
    whole = ["".join((*name.given, *name.family)) for name in (left, right)]
    if whole[0] and whole[0] == whole[1]:
        left, right = (_Name((whole[0],), (), name.middle, name.suffix) for name in (left, right))
    parts = {}
    for part in ("family", "given", "middle"):
        a, b = getattr(left, part), getattr(right, part)
        alike = a != b and "".join(a) == "".join(b)
        parts[part] = (("".join(a),), ("".join(b),)) if alike else (a, b)
    first, second = ({part: pair[side] for part, pair in parts.items()} for side in (0, 1))
    return _Name(**first, suffix=left.suffix), _Name(**second, suffix=right.suffix)


def _rest_agrees(left: _Name, right: _Name) -> bool:
    """Return whether what one side says more than the other is a middle name that the other leaves out or shortens."""
    more_left, more_right = left.words - right.words, right.words - left.words
    for short, long in ((more_left, more_right), (more_right, more_left)):
        for initial in [word for word in short.elements() if len(word) == 1]:
            full = next((word for word in long if long[word] and word.startswith(initial)), None)
            if full is not None:
                short[initial] -= 1
                long[full] -= 1
    more_left, more_right = +more_left, +more_right
    if more_left and more_right:
        return False
    side, more = (left, more_left) if more_left else (right, more_right)
    return all(count <= side.middle.count(word) or len(word) == 1 for word, count in more.items())
