"""What a grade sheet says, whatever its format. No number is made here: all come from grading."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from libs.clock import MANILA

UNIT = "Mindanao State University – Sultan Naga Dimaporo ROTC Unit"
# An unknown number is a dash, never a zero and never a 5.00, and a grade that can still change is open; the remarks say why.
UNKNOWN, OPEN = "–", "open"
HEADINGS = (
    "No.",
    "Student ID",
    "Name",
    "Company",
    "Platoon",
    "Attendance",
    "Aptitude",
    "Proficiency",
    "Final",
    "Grade",
    "Remarks",
    "State",
)
STATES = {
    "no_data": "No data",
    "provisional": "Provisional",
    "complete": "Complete",
    "locked": "Locked",
    "special": "Set by the office",
}
SETTLED = ("complete", "locked", "special")
SPECIAL = {"INC": "Incomplete", "DO": "Dropped", "T": "Deferred"}
OUTLOOKS = {"passed": "passes in any case", "out_of_reach": "a pass is out of reach"}
SIGNATORIES = (("Prepared by", "Admin NCO"), ("Certified by", "Commandant"), ("Noted by", "NSTP Director"))


@dataclass(frozen=True)
class SheetRow:
    """One cadet's line; points out of their component's maximum, None when not known. A grade is a number or a word."""

    student_id: str
    name: str
    company: str
    platoon: str
    attendance: Decimal | None
    aptitude: Decimal | None
    subject: Decimal | None
    final: Decimal | None
    grade: Decimal | str | None
    remarks: str
    state: str


@dataclass(frozen=True)
class GradeSheet:
    """A whole sheet."""

    term: str
    school_year: str
    semester: str
    company: str | None
    policy_version: str
    generated_at: datetime
    rows: tuple[SheetRow, ...]

    @property
    def title(self) -> str:
        """The heading of the sheet."""
        return plain(f"Grade sheet: {self.term}")

    @property
    def scope(self) -> str:
        """What the sheet covers, in one line."""
        whom = self.company or "All companies"
        when = ", ".join(part for part in (self.semester, f"School year {self.school_year}" if self.school_year else "") if part)
        return plain(" · ".join(part for part in (whom, when, f"{len(self.rows)} cadets") if part))

    @property
    def origin(self) -> str:
        """By which rules and when the sheet was made, in Manila time."""
        made = self.generated_at.astimezone(MANILA)
        return f"Grading policy version {self.policy_version} · Generated {made:%d %B %Y, %H:%M} (Manila time)"

    @property
    def warning(self) -> str:
        """How many grades may still change; empty when all are settled."""
        open_rows = sum(1 for row in self.rows if row.state not in SETTLED)
        return f"Provisional: {open_rows} of {len(self.rows)} grades are not complete." if open_rows else ""

    def file_name(self, extension: str) -> str:
        """Return a plain file name that says what is in it."""
        parts = ("grade-sheet", self.term, self.company or "", f"{self.generated_at.astimezone(MANILA):%Y-%m-%d}")
        return "_".join(slug for slug in map(_slug, parts) if slug) + f".{extension}"


def sheet_row(row: Mapping[str, Any]) -> SheetRow:
    """Return the line of one gradebook row."""
    return SheetRow(
        student_id=plain(row.get("student_id")),
        name=plain(row.get("name")),
        company=plain(row.get("company")),
        platoon=plain(row.get("platoon")),
        attendance=_number(row.get("attendance")),
        aptitude=_number(row.get("aptitude")),
        subject=_number(row.get("subject")),
        final=_number(row.get("final")),
        grade=_grade(row),
        remarks=_remarks(row),
        state=plain(row.get("state")),
    )


def _grade(row: Mapping[str, Any]) -> Decimal | str | None:
    if row.get("state") == "special":
        return plain(row["transmuted"])
    if row.get("transmuted") is None:
        return None if row.get("state") == "no_data" else OPEN
    return Decimal(str(row["transmuted"]))


def _remarks(row: Mapping[str, Any]) -> str:
    if row.get("state") == "special":
        return SPECIAL[row["transmuted"]]
    if row.get("state") == "no_data":
        return "Nothing recorded yet"
    if row.get("passed") is not None:
        return "Passed" if row["passed"] else "Failed"
    lacks = "Lacks " + ", ".join(plain(entry).replace("_", " ") for entry in row.get("missing") or ())
    outlook = OUTLOOKS.get(str(row.get("outlook")))
    return f"{lacks}; {outlook}" if outlook else lacks


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def plain(value: Any) -> str:
    """Return `value` on one line, without control characters, which no spreadsheet may hold."""
    text = "" if value is None else str(value)
    return "".join(char if unicodedata.category(char) not in {"Cc", "Cs", "Cn"} else " " for char in text).strip()


def _slug(text: str) -> str:
    return re.sub(r"[^\w-]+", "-", text, flags=re.UNICODE).strip("-")[:40]
