"""Whether a key may sign tokens: long enough, no placeholder, and hard enough to guess."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

SHORTEST_BYTES = 32
LEAST_BITS = 90.0
"""What a key must hold by the estimate below: 256 random bits never fell below 180, in hex or in base64, 128 in hex below 94."""
COPIED = 4
"""A run of this many characters that stood in the key before adds nothing to it."""
_PLACEHOLDER = re.compile(
    r"change.?me|example|placeholder|secret.?key|your.?(secret|key)|django-insecure|default|password|0123456789", re.I
)


def weakness(key: str) -> str:
    """Return why `key` may not sign tokens, or an empty string."""
    if len(key.encode()) < SHORTEST_BYTES:
        return f"is shorter than {SHORTEST_BYTES} bytes"
    if _PLACEHOLDER.search(key):
        return "looks like a placeholder"
    if strength(key) < LEAST_BITS:
        return "repeats itself and could be guessed"
    return ""


def strength(key: str) -> float:
    """Return an estimate, in bits, of what is new from character to character of `key`.

    What repeats an earlier part, in whichever case, counts nothing; neither does what goes on in equal steps (abcd, 9876).
    """
    # One by one: some letters are two in lower case.
    characters = [character.lower() for character in key]
    steps = [ord(after[0]) - ord(before[0]) for before, after in pairwise(characters)]
    new = _without_copies(characters)
    length = min(len(new), len(_without_copies(steps)) + 1)
    return length * _bits_each([key[place] for place in new])


def _without_copies(text: Sequence[object]) -> list[int]:
    """Return the places of `text` that do not belong to a copy of at least COPIED items that began earlier."""
    new: list[int] = []
    place = 0
    while place < len(text):
        copied = max((_common(text, start, place) for start in range(place)), default=0)
        if copied >= COPIED:
            place += copied
        else:
            new.append(place)
            place += 1
    return new


def _common(text: Sequence[object], one: int, other: int) -> int:
    length = 0
    while other + length < len(text) and text[one + length] == text[other + length]:
        length += 1
    return length


def _bits_each(items: Sequence[str]) -> float:
    """Return the entropy of one item, in bits, by how often each occurs."""
    return -sum(count / len(items) * math.log2(count / len(items)) for count in Counter(items).values())
