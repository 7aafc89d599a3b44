"""What officers said of the rows in conflict: a log with the import, of which the last word on a row counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from roster_service.domain.imports.plan import SAME, Choice

# Nobody changes their mind so often; a preview stays a record that can be read.
MOST_ANSWERS = 20_000

Answer = Mapping[str, Any]


def choices_of(log: Iterable[Answer]) -> dict[str, Choice]:
    """Return the choice that counts for each row, by its place.

    Args:
        log: {sheet, row, decision, cadet_id, place, ...} as they were given; a decision of None takes back the one before.
    """
    said: dict[str, Choice] = {}
    for answer in log:
        place = f"{answer['sheet']}!{answer['row']}"
        said.pop(place, None)
        if answer["decision"]:
            said[place] = _choice(answer)
    return said


def faults(answers: Sequence[Answer], rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return what is wrong with answers, by place: no question was asked there, or it names none of those it may be.

    Args:
        answers: as an officer sends them.
        rows: of the preview, as `Decision.as_json` made them.
    """
    asked = {(row["sheet"], row["row"]): row.get("candidates") or [] for row in rows if row.get("candidates")}
    found: dict[str, str] = {}
    for answer in answers:
        place = f"{answer['sheet']}!{answer['row']}"
        candidates = asked.get((answer["sheet"], answer["row"]))
        if candidates is None:
            found[place] = "Nothing is to be decided about this row."
        elif answer["decision"] == SAME:
            choice = _choice(answer)
            if sum(choice.means(candidate["cadet_id"], candidate["place"]) for candidate in candidates) != 1:
                found[place] = "Say which of the people shown it is."
    return found


def _choice(answer: Answer) -> Choice:
    return Choice(answer["decision"], answer["cadet_id"], answer["place"])
