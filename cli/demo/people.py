"""The made-up people of the demo. Everything follows from a number, so every run tells of the same unit."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any, NamedTuple

from openpyxl import Workbook

PASSWORD = "Muster-at-0700"  # noqa: S105 - printed by `./rgms up`; demo accounts exist in development only


class Login(NamedTuple):
    """One account a visitor may use."""

    who: str
    username: str
    password: str


ADMIN = Login("administrator", "admin", PASSWORD)
COMMANDANT = Login("commandant", "ramil.dimasupil", PASSWORD)
INSTRUCTOR = Login("training staff", "liza.montefalco", PASSWORD)
CADET = Login("cadet", "demo.cadet", PASSWORD)
LOGINS = (ADMIN, COMMANDANT, INSTRUCTOR, CADET)

STAFF: tuple[dict[str, str], ...] = (
    {"first_name": "Ramil", "last_name": "Dimasupil", "rank": "MAJ", "position": "Commandant"},
    {"first_name": "Liza", "last_name": "Montefalco", "rank": "SSg", "position": "Instructor"},
    {"first_name": "Arnel", "last_name": "Quibuyen", "rank": "TSg", "position": "Instructor"},
    {"first_name": "Jocelyn", "last_name": "Talamera", "rank": "CPT", "position": "Assistant Commandant"},
)

LINE = ("Alpha", "Bravo", "Charlie", "Delta")
LINE_PLATOONS = ("1st Platoon", "2nd Platoon")
LINE_PLATOON_SIZE = 35
HEADQUARTERS = "HQSCOY"
HEADQUARTERS_UNITS = ("Medics", "Military Police", "Band", "Colors", "Office Personnel")
HEADQUARTERS_UNIT_SIZE = 8

_GIVEN_MALE = (
    "Aldrin", "Benjo", "Carlito", "Dindo", "Edgardo", "Ferdie", "Gerald", "Hernan", "Isagani", "Jomar", "Kenneth", "Lito",
    "Marvin", "Nestor", "Orly", "Paolo", "Quirino", "Rommel", "Sonny", "Tirso",
)  # fmt: skip
_GIVEN_FEMALE = (
    "Analyn", "Bernadette", "Cherry", "Daisy", "Evelyn", "Florida", "Gina", "Hazel", "Irene", "Jessa", "Kristel", "Lorna",
    "Maricar", "Nimfa", "Ofelia", "Perla", "Queenie", "Rowena", "Sheila", "Teresita",
)  # fmt: skip
_FAMILY = (
    "Abrenica", "Balinas", "Calungsod", "Dumalagan", "Espartero", "Faburada", "Galvezon", "Hinlayagan", "Ibarrola", "Jalandoon",
    "Kintanar", "Lumbayan", "Macapaar", "Nacionales", "Omandam", "Peñalosa", "Quimbo", "Rabanes", "Sagarbarria", "Tumulak",
    "Ubalde", "Villaruz", "Wagas", "Yapching", "Zerrudo", "Bagtasan", "Cuizon", "Dagohoy", "Lagumbay", "Nuñeza", "Sarmago",
)  # fmt: skip
_MIDDLE = ("Andales", "Buenaflor", "Castro", "Delgado", "Enriquez", "Fuentes", "Garces", "Herrera", "Ilagan")
_COURSES = (
    "Bachelor of Science in Information Technology (BSIT)",
    "Bachelor of Science in Criminology (BSCrim)",
    "Bachelor of Elementary Education (BEEd)",
    "Bachelor of Science in Computer Science (BSCS)",
)
_COLUMNS = (
    "Student ID", "Username", "Last Name", "First Name", "Middle Name", "Email", "Mobile Number", "Course", "Year Level",
    "School Year", "Semester", "Company", "Platoon", "Cadet Course", "Rank", "Sex", "Birthdate",
)  # fmt: skip


def cadets(school_year: str, semester: str) -> list[dict[str, Any]]:
    """Return the 320 cadets as rows of a workbook: four line companies of two platoons, and the headquarters company."""
    platoons = [(company, platoon) for company in LINE for platoon in LINE_PLATOONS]
    posts = [post for post in platoons for _ in range(LINE_PLATOON_SIZE)]
    posts += [(HEADQUARTERS, unit) for unit in HEADQUARTERS_UNITS for _ in range(HEADQUARTERS_UNIT_SIZE)]
    return [_cadet(number, company, platoon, school_year, semester) for number, (company, platoon) in enumerate(posts)]


def _cadet(number: int, company: str, platoon: str, school_year: str, semester: str) -> dict[str, Any]:
    female = number % 3 == 1
    given = (_GIVEN_FEMALE if female else _GIVEN_MALE)[(number * 7) % 20]
    # 31 families and 20 given names: both lists run through without a name coming twice.
    family = _FAMILY[number % len(_FAMILY)]
    username = CADET.username if number == 0 else f"cadet.{number + 1:04}"
    values = (
        f"2026-{number + 1:04}",
        username,
        family,
        given,
        _MIDDLE[number % len(_MIDDLE)],
        f"{username}@example.com",
        f"0917000{number + 1:04}",
        _COURSES[number % len(_COURSES)],
        "1st Year" if company in LINE[:2] else "2nd Year",
        school_year,
        semester,
        company,
        platoon,
        "MS1" if company in LINE[:2] else "MS2",
        "CDT",
        "Female" if female else "Male",
        date(2006, 1, 15) + timedelta(days=(number * 11) % 700),
    )
    return dict(zip(_COLUMNS, values, strict=True))


def workbook(rows: list[dict[str, Any]]) -> bytes:
    """Return the cadets as the Excel file a unit would upload."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Roster")
    sheet.append(list(_COLUMNS))
    for row in rows:
        sheet.append(list(row.values()))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
