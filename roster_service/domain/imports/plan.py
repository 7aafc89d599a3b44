"""What an import would do: rows of a workbook against the stored roster. Pure, so that apply can prove a preview fresh.

`people` says whom a row is about. An empty cell never overwrites a stored value: the legacy importer emptied ten columns of
everybody that way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from libs.contracts.student_numbers import student_key
from roster_service.domain import choices
from roster_service.domain.imports.people import MOST_CANDIDATES, SHOWN_FIELDS, Cadet, Match, People, Person, about
from roster_service.domain.imports.reasons import reason
from roster_service.domain.imports.sheets import DUPLICATE, IGNORED, INVALID, LEFT_OUT, Row
from roster_service.domain.names import display_name

CREATE, UPDATE, UNCHANGED, CONFLICT = "create", "update", "unchanged", "conflict"
ACTIONS = (CREATE, UPDATE, UNCHANGED, CONFLICT, INVALID, DUPLICATE, IGNORED, LEFT_OUT)
# Rows of cadets that are not written although nobody left them out.
REFUSED = (CONFLICT, INVALID, DUPLICATE)
# What an officer answers when a row may be somebody who is known.
SAME, ANOTHER, LEAVE = "same", "another", "leave"
CHOICES = (SAME, ANOTHER, LEAVE)


@dataclass(frozen=True)
class Choice:
    """An officer's answer about one row; `cadet_id`, or the `place` of an earlier row, names who it is of several."""

    decision: str
    cadet_id: int | None = None
    place: str | None = None

    def means(self, cadet_id: int | None, place: str | None) -> bool:
        """Return whether a candidate with this id, told of by the row at this place, can be who is meant."""
        return self.cadet_id in {None, cadet_id} and (self.place is None or self.cadet_id is not None or self.place == place)


@dataclass
class Decision:
    """What would happen to one row.

    `changes` maps each field to [stored value, new value]; `cadet_id` is the cadet that would be updated, or whose
    withdrawn record a created cadet takes up again. `candidates` are those whom a row in conflict may mean, and `choice` is
    what an officer said of it.
    """

    row: Row
    action: str
    cadet_id: int | None = None
    changes: dict[str, list[Any]] = field(default_factory=dict)
    reasons: list[dict[str, str]] = field(default_factory=list)
    candidates: list[dict[str, Any]] = field(default_factory=list)
    choice: Choice | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the row as the API shows it."""
        values = self.row.values
        shown = {
            "row": self.row.number,
            "sheet": self.row.sheet,
            "action": self.action,
            "class": self.row.kind,
            "student_id": values.get("student_id"),
            "name": display_name(
                values.get("last_name", ""), values.get("first_name", ""), values.get("middle_name"), values.get("suffix_name")
            ),
            "changes": self.changes,
            "reasons": self.reasons,
            "cadet_id": self.cadet_id,
            "decision": self.choice.decision if self.choice else None,
            **self.row.facts(),
        }
        if self.candidates:
            shown["values"] = {name: values.get(name) for name in SHOWN_FIELDS}
            shown["candidates"] = self.candidates
        return shown


def decide(rows: Iterable[Row], cadets: Iterable[Cadet], choices_made: Mapping[str, Choice] | None = None) -> list[Decision]:
    """Decide every row in order.

    Args:
        rows: as `read_sheets` judged them.
        cadets: the stored roster by id: id, all fields an import may set, is_archived, withdrawn (made by an import that
            was undone: nobody sees the record, and only the same person takes it up again).
        choices_made: what an officer said of rows in conflict, by their `place`.
    """
    people = People(cadets)
    return [_decide(row, people, (choices_made or {}).get(row.place)) for row in rows]


def summarise(decisions: Sequence[Decision]) -> dict[str, int]:
    """Return how many rows meet each fate."""
    counted = Counter(decision.action for decision in decisions)
    return {action: counted[action] for action in ACTIONS}


def differences(shown: Iterable[Mapping[str, Any]], now: Sequence[Decision]) -> list[dict[str, Any]]:
    """Return the rows that would now meet another fate than their preview showed, each with both fates.

    Args:
        shown: the rows of the preview, as `Decision.as_json` made them.
        now: the same rows decided again.
    """
    changed = []
    for before, decision in zip(shown, now, strict=True):
        after = decision.as_json()
        if any(before[key] != after[key] for key in ("action", "cadet_id", "changes")):
            fate = {key: {"preview": before[key], "now": after[key]} for key in ("action", "changes")}
            changed.append({"row": before["row"], "sheet": before["sheet"], "name": before["name"],
                            "cadet_id": before["cadet_id"] or after["cadet_id"], **fate})  # fmt: skip
    return changed


def _decide(row: Row, people: People, choice: Choice | None) -> Decision:
    if not row.importable and not row.names_another:
        return Decision(row, row.kind, reasons=list(row.reasons))
    found = people.match(row)
    if not found.candidates:
        return _apply(row, people, found)
    doubts = found.candidates[:MOST_CANDIDATES]
    # Shown as they are, before the answer makes one of them what the row says.
    candidates = [person.as_candidate(why) for person, why in doubts]
    reasons = [about(why, person) for person, why in doubts]
    decision = _answered(row, people, found, choice)
    if decision is None:
        people.make(row, row.values, pending=True)
        return Decision(row, CONFLICT, reasons=reasons, candidates=candidates)
    decision.choice, decision.candidates = choice, candidates
    return decision


def _answered(row: Row, people: People, found: Match, choice: Choice | None) -> Decision | None:
    """Return what becomes of a row in conflict by an officer's answer; None while there is none that can be followed."""
    if choice is None:
        return None
    if choice.decision == LEAVE:
        people.make(row, row.values, pending=True)
        return Decision(row, IGNORED, reasons=[reason("decided_leave")])
    if choice.decision == ANOTHER:
        return _create(row, people, [reason("decided_another")])
    meant = [person for person, _ in found.candidates if choice.means(person.cadet_id, person.place)]
    # Whoever was meant is no candidate any more, or the answer names nobody of several.
    if len(meant) != 1:
        return None
    return _apply(row, people, Match(meant[0], [about("decided_same", meant[0])]))


def _apply(row: Row, people: People, found: Match) -> Decision:
    person = found.person
    if person is None:
        return _create(row, people, found.notes)
    if person.place is not None:
        return Decision(row, DUPLICATE, person.cadet_id, reasons=[reason("same_cadet_again", place=person.place)])
    return _update(row, people, person, found.notes)


def _create(row: Row, people: People, notes: list[dict[str, str]]) -> Decision:
    values, notes = dict(row.values), [*(row.reasons if row.importable else []), *notes]
    values.setdefault("rank", choices.DEFAULT_RANK)
    # Without a student number the cadet goes by what the file knows of him, as the legacy records do.
    values["student_id"] = values.get("student_id") or values.get("username") or values["email"]
    if twin := people.holder("student_id", values["student_id"]):
        people.make(row, row.values, pending=True)
        code = "student_id_taken" if row.values.get("student_id") else "needs_student_id"
        return Decision(row, INVALID, reasons=[about(code, twin, value=values["student_id"])])
    wanted = values.get("username") or row.derived_username or values["email"][: choices.CADET_LENGTHS["username"]]
    free = _free_username(wanted, people)
    if free != wanted:
        notes.append(reason("username_adjusted", value=wanted, username=free))
    values["username"] = free
    withdrawn = people.asleep(values)
    cadet_id = withdrawn["id"] if withdrawn else None
    people.make(row, values, withdrawn_id=cadet_id)
    return Decision(row, CREATE, cadet_id, {name: [None, text] for name, text in values.items()}, notes)


def _free_username(wanted: str, people: People) -> str:
    name, number = wanted, 1
    while people.holder("username", name) is not None:
        number += 1
        ending = f".{number}"
        name = wanted[: choices.CADET_LENGTHS["username"] - len(ending)] + ending
    return name


def _update(row: Row, people: People, person: Person, notes: list[dict[str, str]]) -> Decision:
    stored = person.values
    changes = {name: [stored[name], text] for name, text in row.values.items() if text != (stored[name] or "")}
    if "student_id" in changes and student_key(stored["student_id"]) == student_key(row.values["student_id"]):
        # The same number written otherwise is no news; the stored form stays.
        del changes["student_id"]
    for name in ("username", "student_id"):
        if name in changes and (holder := people.holder(name, row.values[name], other_than=person)):
            people.make(row, row.values, pending=True)
            return Decision(row, INVALID, reasons=[about(f"{name}_taken", holder, value=row.values[name])])
    if stored["is_archived"]:
        changes["is_archived"] = [True, False]
        notes = [*notes, reason("restores_archived")]
    people.take(person, row, {name: new for name, (_, new) in changes.items()})
    read = row.reasons if row.importable else []
    return Decision(row, UPDATE if changes else UNCHANGED, person.cadet_id, changes, [*read, *notes])
