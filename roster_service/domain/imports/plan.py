"""What an import would do: rows of a workbook against the stored roster. Pure, so that apply can prove a preview fresh.

Existing cadets are known by student id, then user name, then e-mail address (only one that a single cadet has).
An empty cell never overwrites a stored value: the legacy importer emptied ten columns of everybody that way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from roster_service.domain import choices
from roster_service.domain.imports.reasons import reason
from roster_service.domain.imports.sheets import DUPLICATE, IGNORED, INVALID, Row
from roster_service.domain.names import STUDENT_NUMBER, display_name, letters_and_digits

CREATE, UPDATE, UNCHANGED = "create", "update", "unchanged"
ACTIONS = (CREATE, UPDATE, UNCHANGED, INVALID, DUPLICATE, IGNORED)

Cadet = Mapping[str, Any]


@dataclass
class Decision:
    """What would happen to one row.

    `changes` maps each field to [stored value, new value]; `cadet_id` is the cadet that would be updated, or whose
    withdrawn record a created cadet takes up again.
    """

    row: Row
    action: str
    cadet_id: int | None = None
    changes: dict[str, list[Any]] = field(default_factory=dict)
    reasons: list[dict[str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the row as the API shows it."""
        values = self.row.values
        return {
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
        }


def decide(rows: Iterable[Row], cadets: Iterable[Cadet]) -> list[Decision]:
    """Decide every row in order.

    Args:
        rows: as `read_sheets` judged them.
        cadets: the stored roster: id, all fields an import may set, is_archived, withdrawn (made by an import that
            was undone: nobody sees the record, and a cadet of that student id takes it up again).
    """
    roster = _Roster(cadets)
    return [_decide(row, roster) for row in rows]


def summarise(decisions: Sequence[Decision]) -> dict[str, int]:
    """Return how many rows meet each fate."""
    counted = Counter(decision.action for decision in decisions)
    return {action: counted[action] for action in ACTIONS}


def differences(shown: Sequence[Mapping[str, Any]], now: Sequence[Decision]) -> list[dict[str, Any]]:
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


class _Roster:
    """The stored cadets by each identifier, and who was claimed by an earlier row."""

    def __init__(self, cadets: Iterable[Cadet]) -> None:
        self.by_student_id: dict[str, Cadet] = {}
        self.by_digits: dict[str, list[Cadet]] = {}
        self.by_username: dict[str, Cadet] = {}
        self.by_email: dict[str, list[Cadet]] = {}
        self.claimed: dict[int, str] = {}
        self.given_usernames: dict[str, Row] = {}
        self.given_student_ids: dict[str, Row] = {}
        self.given_emails: dict[str, Row] = {}
        for cadet in cadets:
            self.by_student_id[cadet["student_id"].casefold()] = cadet
            self.by_digits.setdefault(letters_and_digits(cadet["student_id"]), []).append(cadet)
            self.by_username[cadet["username"].casefold()] = cadet
            if cadet["email"] and not cadet["withdrawn"]:
                self.by_email.setdefault(cadet["email"].lower(), []).append(cadet)

    def username_holder(self, username: str) -> Cadet | Row | None:
        """Return who has `username`, stored or given to an earlier row of this file."""
        return self.by_username.get(username.casefold()) or self.given_usernames.get(username.casefold())


def _decide(row: Row, roster: _Roster) -> Decision:
    if not row.importable:
        return Decision(row, row.kind, reasons=list(row.reasons))
    found, notes = _match(row, roster)
    if found is None and notes:
        return Decision(row, INVALID, reasons=notes)
    if found is None and (twin := _same_address_only(row, roster)):
        return Decision(row, DUPLICATE, reasons=[reason("same_cadet_again", place=twin.place)])
    if found is not None and found["id"] in roster.claimed:
        return Decision(row, DUPLICATE, found["id"], reasons=[reason("same_cadet_again", place=roster.claimed[found["id"]])])
    if found is None or found["withdrawn"]:
        return _create(row, roster, found)
    return _update(row, roster, found, notes)


def _match(row: Row, roster: _Roster) -> tuple[Cadet | None, list[dict[str, str]]]:
    """Return the cadet a row describes, and why it was found; None with a reason when the row must be refused."""
    student_id, username, email = (row.values.get(name, "") for name in ("student_id", "username", "email"))
    if student_id:
        if found := roster.by_student_id.get(student_id.casefold()):
            return found, []
        # 2025-01234 and 202501234 are one student number: a spreadsheet drops the dash with the text format.
        same_digits = roster.by_digits.get(letters_and_digits(student_id), [])
        if len(same_digits) == 1 and STUDENT_NUMBER.fullmatch(student_id):
            return same_digits[0], []
    if username and (found := roster.by_username.get(username)):
        if student_id and STUDENT_NUMBER.fullmatch(found["student_id"]):
            return None, [_about("identity_conflict", found)]
        return found, [reason("matched_by_username")]
    known = roster.by_email.get(email, []) if email else []
    if len(known) == 1 and (not student_id or not STUDENT_NUMBER.fullmatch(known[0]["student_id"])):
        return known[0], [reason("matched_by_email")]
    if len(known) > 1 and not student_id and not username:
        return None, [reason("ambiguous_email")]
    return None, []


def _same_address_only(row: Row, roster: _Roster) -> Row | None:
    """Return the earlier row of a new cadet when the e-mail address is all that this row knows of the cadet."""
    if row.values.keys() & {"student_id", "username"}:
        return None
    return roster.given_emails.get(row.values["email"])


def _about(code: str, holder: Cadet | Row, **facts: object) -> dict[str, str]:
    values: Mapping[str, Any] = holder.values if isinstance(holder, Row) else holder
    name = display_name(values.get("last_name", ""), values.get("first_name", ""))
    return reason(code, name=name, student_id=values.get("student_id", ""), **facts)


def _create(row: Row, roster: _Roster, withdrawn: Cadet | None) -> Decision:
    values, notes = dict(row.values), list(row.reasons)
    values.setdefault("rank", choices.DEFAULT_RANK)
    # Without a student number the cadet goes by what the file knows of him, as the legacy records do.
    values["student_id"] = values.get("student_id") or values.get("username") or values["email"]
    given = values.get("username")
    wanted = given or row.derived_username or values["email"][: choices.CADET_LENGTHS["username"]]
    holder = roster.username_holder(wanted)
    if holder is not None and holder is not withdrawn:
        if given and (isinstance(holder, Row) or not holder["withdrawn"]):
            return Decision(row, INVALID, reasons=[_about("username_taken", holder, value=given)])
        wanted = _free_username(wanted, roster)
        notes.append(reason("username_adjusted", value=given or row.derived_username, username=wanted))
    key = values["student_id"].casefold()
    twin = roster.given_student_ids.get(key) or roster.by_student_id.get(key)
    if twin is not None and twin is not withdrawn:
        return Decision(row, INVALID, reasons=[_about("student_id_taken", twin)])
    values["username"] = wanted
    roster.given_usernames[wanted.casefold()] = row
    roster.given_student_ids[values["student_id"].casefold()] = row
    if "email" in values:
        roster.given_emails.setdefault(values["email"], row)
    if withdrawn:
        roster.claimed[withdrawn["id"]] = row.place
    changes = {name: [None, text] for name, text in values.items()}
    return Decision(row, CREATE, withdrawn["id"] if withdrawn else None, changes, notes)


def _free_username(wanted: str, roster: _Roster) -> str:
    number = 2
    while roster.username_holder(f"{wanted}.{number}") is not None:
        number += 1
    return f"{wanted}.{number}"


def _update(row: Row, roster: _Roster, cadet: Cadet, notes: list[dict[str, str]]) -> Decision:
    changes = {name: [cadet[name], text] for name, text in row.values.items() if text != (cadet[name] or "")}
    if "student_id" in changes and letters_and_digits(cadet["student_id"]) == letters_and_digits(row.values["student_id"]):
        # The same number written otherwise is no news; the stored form stays.
        del changes["student_id"]
    for name, stored, given in (
        ("username", roster.by_username, roster.given_usernames),
        ("student_id", roster.by_student_id, roster.given_student_ids),
    ):
        if name not in changes:
            continue
        key = row.values[name].casefold()
        holder = stored.get(key) or given.get(key)
        if holder is not None and holder is not cadet:
            return Decision(row, INVALID, reasons=[_about(f"{name}_taken", holder, value=row.values[name])])
        given[key] = row
    if cadet["is_archived"]:
        changes["is_archived"] = [True, False]
        notes = [*notes, reason("restores_archived")]
    roster.claimed[cadet["id"]] = row.place
    return Decision(row, UPDATE if changes else UNCHANGED, cadet["id"], changes, [*row.reasons, *notes])
