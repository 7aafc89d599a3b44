"""Activation codes: short enough to type from a printed card, and safe to print.

A code is ten letters in two groups of five, such as ``7KQ4M-XW2PA``. The alphabet leaves out every pair that a reader
confuses (0/O, 1/I/L). It has 31 letters, a prime, so the tenth letter, a weighted sum modulo 31, catches every single
typing error and every swap of neighbours before it costs the cadet an attempt. Nine free letters are 44 bits: with 2,000
live codes and 100 guesses per 15 minutes, one address needs thousands of years for a hit.
"""

from collections.abc import Iterable
from datetime import timedelta

from libs.contracts.student_numbers import number_digits

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
FREE_LETTERS = 9
CODE_LIFE = timedelta(days=30)
MOST_CODES = 500
"""The most accounts that one request may name."""
# What to do with a code that still works when another is asked for.
ASK, REPLACE, KEEP = LIVE = ("ask", "replace", "keep")

_BASE = len(ALPHABET)


def code_from(numbers: Iterable[int]) -> str:
    """Return the code for nine numbers below 31, drawn by the caller from a secure source."""
    letters = "".join(ALPHABET[number] for number in numbers)
    if len(letters) != FREE_LETTERS:
        raise ValueError(f"a code is made from {FREE_LETTERS} numbers")
    return letters + _check_letter(letters)


def printable(code: str) -> str:
    """Return the code as it is printed on a card."""
    return f"{code[:5]}-{code[5:]}"


def normalise(typed: str) -> str | None:
    """Return the code that was meant (case, spaces and dashes ignored), or ``None`` when it is mistyped."""
    code = "".join(letter for letter in typed.upper() if letter not in " -\u2010\u2011\u2013\u2014")
    if len(code) != FREE_LETTERS + 1 or any(letter not in ALPHABET for letter in code):
        return None
    return code if _check_letter(code[:FREE_LETTERS]) == code[-1] else None


def _check_letter(letters: str) -> str:
    # Neighbouring weights differ, none is 0 or -1 modulo 31: so a swap with the check letter itself is caught as well.
    return ALPHABET[sum((place + 2) * ALPHABET.index(letter) for place, letter in enumerate(letters)) % _BASE]


def names_account(typed: str, username: str, student_number: str | None) -> bool:
    """Return whether somebody typed this account's username, in any case, or its student number, with or without dashes."""
    digits = number_digits(typed)
    return typed.casefold() == username.casefold() or (digits is not None and digits in {student_number, number_digits(username)})
