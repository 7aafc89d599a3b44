"""Whom a row of a workbook is about: the stored cadets and those of earlier rows, and how surely a row names one of them.

A person is known by the student number, else by the user name, else by the e-mail address, each together with a name that
agrees (`names_agree`). Anything weaker is a question to an officer and never an answer: it is how one cadet became another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from libs.contracts.student_numbers import number_digits, student_key
from roster_service.domain.imports.reasons import reason
from roster_service.domain.imports.sheets import Row
from roster_service.domain.names import display_name
from roster_service.domain.same_person import names_agree

# What an officer is shown of either person; one such question never carries more of them than fit on a screen.
SHOWN_FIELDS = (
    "student_id", "username", "last_name", "first_name", "middle_name", "suffix_name", "email", "birthdate", "contact_number",
    "company", "platoon", "course", "year_level",
)  # fmt: skip
MOST_CANDIDATES = 5

Cadet = Mapping[str, Any]


@dataclass(eq=False)
class Person:
    """A stored cadet, somebody an earlier row of the file makes, or, with `pending`, somebody of a row that is left out.

    `names` are those the person goes by: as stored, and as a row of this file writes it. `place` is that row.
    """

    values: dict[str, Any]
    cadet_id: int | None = None
    place: str | None = None
    pending: bool = False
    names: list[Mapping[str, Any]] = field(default_factory=list)

    def agrees(self, values: Mapping[str, Any]) -> bool:
        """Return whether `values` can name this person."""
        return any(names_agree(name, values) for name in self.names)

    def has_other_number(self, student_id: str | None) -> bool:
        """Return whether this person has a student number and `student_id` is not it."""
        number = number_digits(self.values.get("student_id") or "")
        return bool(student_id) and number is not None and student_key(student_id or "") != number

    def as_candidate(self, why: str) -> dict[str, Any]:
        """Return the person as one whom a row may mean."""
        shown = {name: self.values.get(name) for name in SHOWN_FIELDS}
        archived = bool(self.values.get("is_archived"))
        return {"cadet_id": self.cadet_id, "place": self.place, "why": why, "values": shown, "is_archived": archived}


@dataclass
class Match:
    """Whom a row is about: one person with the reason, several with why each is not sure, or nobody that is known."""

    person: Person | None = None
    notes: list[dict[str, str]] = field(default_factory=list)
    candidates: list[tuple[Person, str]] = field(default_factory=list)


class People:
    """Everybody a row may be about, by each identifier, as stored and as the rows so far would leave it."""

    def __init__(self, cadets: Iterable[Cadet]) -> None:
        self._by_key: dict[str, list[Person]] = {}
        self._by_username: dict[str, list[Person]] = {}
        self._by_email: dict[str, list[Person]] = {}
        self._withdrawn: dict[str, list[Cadet]] = {}
        self._woken: set[int] = set()
        for cadet in cadets:
            if cadet["withdrawn"]:
                self._withdrawn.setdefault(student_key(cadet["student_id"]), []).append(cadet)
            else:
                self._add(Person(dict(cadet), cadet["id"], names=[dict(cadet)]))

    def match(self, row: Row) -> Match:
        """Return whom a row is about."""
        values = row.values
        student_id = values.get("student_id")
        holders = self._by_key.get(student_key(student_id), []) if student_id else []
        if agreeing := [person for person in holders if person.agrees(values)]:
            return Match(agreeing[0])
        if holders:
            return Match(candidates=[(person, "same_number_other_name") for person in holders])
        weak: list[tuple[Person, str]] = []
        for person in self._by_username.get(values.get("username", "").casefold(), []):
            if not person.agrees(values):
                weak.append((person, "same_username_other_name"))
            elif person.has_other_number(student_id):
                weak.append((person, "same_username_other_number"))
            else:
                return Match(person, [reason("matched_by_username")])
        found = self._match_by_email(values, weak)
        return found if found.person or found.candidates else self._match_by_made_up(row, found.notes)

    def _match_by_made_up(self, row: Row, notes: list[dict[str, str]]) -> Match:
        """Look where an id or user name was made of another: a number as user name, an address or a user name as student id."""
        values = row.values
        if not values.keys() & {"student_id", "username"}:
            made = [(person, "email") for person in self._by_key.get(student_key(values["email"]), [])]
        elif "student_id" not in values:
            made = [(person, "username") for person in self._by_key.get(student_key(values["username"]), [])]
        else:
            known = [] if "username" in values else self._by_username.get(row.derived_username, [])
            made = [(p, "username") for p in known if p.agrees(values) and not p.has_other_number(values["student_id"])]
        for person, name in made:
            if person.agrees(values):
                return Match(person, [reason(f"matched_by_{name}")])
        return Match(notes=notes, candidates=[(person, f"same_{name}_other_name") for person, name in made])

    def _match_by_email(self, values: Mapping[str, str], weak: list[tuple[Person, str]]) -> Match:
        student_id, email = values.get("student_id"), values.get("email", "")
        known = self._by_email.get(email, [])
        agreeing = [person for person in known if person.agrees(values)]
        if len(agreeing) == 1 and not weak and not agreeing[0].has_other_number(student_id):
            return Match(agreeing[0], [reason("matched_by_email")])
        seen = {id(person) for person, _ in weak}
        weak += [(person, "same_email_same_name") for person in agreeing if id(person) not in seen]
        if weak:
            return Match(candidates=weak)
        # Two numbers and two names are two people; a family shares its address. Who gave an address up is not asked about.
        others = [person for person in known if person.values.get("email") == email]
        if doubtful := [person for person in others if not person.has_other_number(student_id)]:
            return Match(candidates=[(person, "same_email_other_name") for person in doubtful])
        return Match(notes=[about("email_of_another", person) for person in others[:1] if person.place is None])

    def asleep(self, values: Mapping[str, Any]) -> Cadet | None:
        """Return the withdrawn record of this very person: same student id, agreeing name; the newest of several."""
        known = self._withdrawn.get(student_key(values["student_id"]), [])
        return next((cadet for cadet in reversed(known) if cadet["id"] not in self._woken and names_agree(cadet, values)), None)

    def holder(self, name: str, value: str, other_than: Person | None = None) -> Person | None:
        """Return who else has or will have the `student_id` or `username` of this value."""
        key = student_key(value) if name == "student_id" else value.casefold()
        people = (self._by_key if name == "student_id" else self._by_username).get(key, [])
        return next((person for person in people if not person.pending and person is not other_than), None)

    def take(self, person: Person, row: Row, values: Mapping[str, Any]) -> None:
        """Note that a row speaks of a stored person and what it makes of them; what they had stays findable as theirs."""
        person.place = row.place
        person.values = {**person.values, **values}
        person.names.append(row.values)
        self._add(person)

    def make(self, row: Row, values: Mapping[str, Any], *, withdrawn_id: int | None = None, pending: bool = False) -> None:
        """Note the person of a row that is nobody stored; `pending` when nothing of the row will be written."""
        if withdrawn_id is not None:
            self._woken.add(withdrawn_id)
        self._add(Person(dict(values), withdrawn_id, row.place, pending, [row.values]))

    def _add(self, person: Person) -> None:
        for index, name in ((self._by_key, "student_id"), (self._by_username, "username"), (self._by_email, "email")):
            if value := person.values.get(name):
                key = student_key(value) if name == "student_id" else value.casefold()
                known = index.setdefault(key, [])
                if person not in known:
                    known.append(person)


def about(code: str, person: Person, **facts: object) -> dict[str, str]:
    """Return a reason that names a person."""
    name = display_name(person.values.get("last_name", ""), person.values.get("first_name", ""))
    return reason(code, name=name, student_id=person.values.get("student_id", ""), **facts)
