"""How many guesses a password withstands, by zxcvbn, which knows common passwords, names, dates and keyboard rows.

What a guesser would try first here counts as known, too: the unit's own words, and the names and numbers of the account's owner.
"""

import re
from collections.abc import Iterable

from zxcvbn import zxcvbn

UNIT_WORDS = ("rotc", "msu", "snd", "msusnd", "naawan", "mindanao", "cadet", "rgms")
ENOUGH = 3
"""zxcvbn's score for more than a hundred million guesses."""
ENOUGH_BESIDES = 2
"""Its score for more than a million: of what is left once the known words are taken out, however often they are joined."""
JUDGED = 40
"""Letters that are looked at; if so many withstand, the rest cannot make it worse, and a long one costs no time."""
ONLY_KNOWN = "Without the unit's words and your own name and number little is left of it. Add words that have to do with neither."
FOUND_SOON = "A guesser would find this soon. Add another word or two."
_LEAST_WORD = 3


def weaknesses(password: str, *, own: Iterable[str | None] = ()) -> list[str]:
    """Return why a guesser would find the password soon, in words for its owner; an empty list means they would not.

    Args:
        own: names and numbers of the account's owner.
    """
    known = _words([*UNIT_WORDS, *own])
    judged = zxcvbn(password[:JUDGED], user_inputs=known)
    # Taken out of the whole of it: a word that the cut goes through would stay.
    rest = _without(password, known)
    if judged["score"] >= ENOUGH and (rest == password.casefold() or _score(rest[:JUDGED]) >= ENOUGH_BESIDES):
        return []
    if judged["score"] >= ENOUGH:
        return [ONLY_KNOWN]
    feedback = judged["feedback"]
    said = [text.rstrip(".") + "." for text in (feedback["warning"], *feedback["suggestions"]) if text]
    return [" ".join(said) or FOUND_SOON]


def _words(texts: Iterable[str | None]) -> list[str]:
    found = {part for text in texts if text for part in (text.casefold(), *re.split(r"[^\w]+|_", text.casefold()))}
    found |= {re.sub(r"\W|_", "", word) for word in found}
    return sorted((word for word in found if len(word) >= _LEAST_WORD), key=len, reverse=True)


def _without(text: str, words: list[str]) -> str:
    folded = text.casefold()
    for word in words:
        folded = folded.replace(word, "")
    return folded


def _score(text: str) -> int:
    return int(zxcvbn(text)["score"]) if text else 0
