"""One row of the sheet, field by field: what it says, what was mended on the way, and whether it can be imported."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from roster_service.domain import choices
from roster_service.domain.imports import cells
from roster_service.domain.imports.dates import is_open, read_date
from roster_service.domain.imports.limits import MAX_CELL
from roster_service.domain.imports.reading import FileRow
from roster_service.domain.imports.reasons import reason
from roster_service.domain.imports.sheets import CLEAN, INVALID, NORMALISED, Row, Units
from roster_service.domain.names import is_suffix, letters_and_digits, split_full_name

_EMAIL = re.compile(r"[^@\s<>\"(),;:]+@[^@\s<>\"(),;:]+\.[^@\s<>\"(),;:]+")
# Fields with a list of allowed words besides company and platoon, whose lists are the unit tree's.
_LISTED = {
    "year_level": choices.YEAR_LEVELS,
    "cadet_course": choices.CADET_COURSES,
    "semester": choices.SEMESTERS,
    "gender": choices.GENDERS,
    "battalion": choices.BATTALION_POSITIONS,
}
_NUMERIC_ID = "numeric_id"
_PLAIN = ("rank", "address", "course", "school_year", "corp_position", "religion")


class RowReader:
    """Takes the fields of one row one after the other and notes what was mended on the way."""

    def __init__(self, row: FileRow, units: Units, date_order: str | None, mended: Mapping[str, str]) -> None:
        self.file_row, self.units, self.date_order, self.mended = row, units, date_order, mended
        self.given = {name: text for name, text in {**row.given, **mended}.items() if text} if mended else row.given
        self.values: dict[str, str] = {}
        self.notes: list[dict[str, str]] = []

    def row(self) -> Row:
        """Return the judged row."""
        for code in self.file_row.marks:
            if code != _NUMERIC_ID:
                self._note(code)
        self._take_email()
        one_word = self._take_name()
        self._take_identity()
        self._take_mobile()
        self._take_units()
        self._take_listed()
        for name in _PLAIN:
            self._set(name, self.given.get(name, ""))
        self._take_birthdate()
        fault = self._fault(one_word)
        kind = INVALID if fault else NORMALISED if self.notes else CLEAN
        derived = letters_and_digits(self.values.get("student_id", ""))
        reasons = [fault] if fault else self.notes
        sheet, number = self.file_row.sheet, self.file_row.number
        return Row(sheet, number, kind, reasons, self.values, derived, self.given, sorted(self.mended))

    def _set(self, name: str, text: str) -> None:
        if text:
            self.values[name] = text

    def _note(self, code: str, **facts: object) -> None:
        self.notes.append(reason(code, **facts))

    def _take_email(self) -> None:
        text = self.given.get("email", "")
        email = text.lower()
        if email and not _EMAIL.fullmatch(email):
            self._note("email_unreadable", value=text)
            return
        if email != text:
            self._note("email_case")
        if not email:
            self._note("no_email")
        self._set("email", email)

    def _take_name(self) -> bool:
        """Take the names; return whether the row gave one word where a full name belongs."""
        last, first = self.given.get("last_name", ""), self.given.get("first_name", "")
        middle, suffix = self.given.get("middle_name", ""), self.given.get("suffix_name", "")
        full = "" if last or first else self.given.get("full_name", "")
        if full:
            parts = split_full_name(full)
            last, first, middle, suffix = parts.last, parts.first, middle or parts.middle, suffix or parts.suffix
        words = last.split()
        if len(words) > 1 and not suffix and is_suffix(words[-1]):
            # 'Cruz Jr., Juan': the suffix belongs to the person, not to the family.
            last, suffix = " ".join(words[:-1]), words[-1]
        for name, text in (("last_name", last), ("first_name", first), ("middle_name", middle), ("suffix_name", suffix)):
            self._set(name, text)
        if any(text and text == text.lower() != text.upper() for text in (last, first)):
            self._note("name_lower_case")
        if full and " " in full and "," not in full:
            self._note("first_last_order")
        return bool(full)

    def _take_identity(self) -> None:
        if _NUMERIC_ID in self.file_row.marks and "student_id" not in self.mended:
            self._note(_NUMERIC_ID)
        self._set("student_id", self.given.get("student_id", ""))
        username = self.given.get("username", "")
        if username != username.lower():
            self._note("username_case")
        self._set("username", username.lower())

    def _take_mobile(self) -> None:
        mobile = self.given.get("contact_number", "")
        if re.fullmatch(r"9[0-9]{9}", mobile):
            mobile = f"0{mobile}"
            self._note("mobile_lost_zero")
        self._set("contact_number", mobile)

    def _take_units(self) -> None:
        if any(cells.is_placeholder(self.given.get(name, "")) for name in ("company", "platoon", "battalion")):
            self._note("placeholder")
        for name, known in (("company", self.units.companies), ("platoon", self.units.platoons)):
            self._choose(name, known, f"unknown_{name}", f"{name}_spelling")

    def _take_listed(self) -> None:
        for name, known in _LISTED.items():
            self._choose(name, known, "unknown_value", "value_spelling")

    def _choose(self, name: str, known: Iterable[str], unknown_code: str, spelling_code: str) -> None:
        text = self.given.get(name, "")
        if not text or cells.is_placeholder(text):
            return
        word = next((word for word in known if word.casefold() == text.casefold()), None)
        if word is None:
            self._note(unknown_code, field=name, value=text[:80])
        elif word != text:
            self._note(spelling_code, field=name)
        self._set(name, word or "")

    def _take_birthdate(self) -> None:
        text = self.given.get("birthdate", "")
        if not text:
            return
        born = read_date(text, self.date_order)
        if born is not None:
            self.values["birthdate"] = born.isoformat()
        elif is_open(text):
            self._note("birthdate_open", value=text)
        else:
            self._note("birthdate_unreadable", value=text[:80])

    def _fault(self, one_word: bool) -> dict[str, str] | None:
        last, first = "last_name" in self.values, "first_name" in self.values
        if not last and not first:
            return reason("missing_name")
        if not first:
            return reason("single_word_name" if one_word else "missing_first_name")
        if not last:
            return reason("missing_last_name")
        if not self.values.keys() & {"student_id", "username", "email"}:
            return reason("no_identifier")
        for name in self.file_row.cut:
            if name not in self.mended:
                return reason("too_long", field=name, limit=MAX_CELL)
        for name, text in self.values.items():
            limit = choices.CADET_LENGTHS.get(name)
            if limit and len(text) > limit:
                return reason("too_long", field=name, limit=limit)
        return None
