"""Rosters and workbooks in which people are easily mixed up: shared addresses, swapped numbers, renamed people, repetitions.

`whose` knows who a name belongs to by a table, not by a rule, so that it can judge the rule.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

HEADERS = ["Student ID", "Username", "Last Name", "First Name", "Middle Name", "Email", "Company"]
# Of each person the ways in which a clerk writes the same name: (last, first, middle).
NAMES: dict[str, list[tuple[str, str, str]]] = {
    "juan": [("Dela Cruz", "Juan", ""), ("DELA CRUZ", "JUAN", ""), ("Cruz", "Juan Dela", ""), ("De la Cruz", "Juan", "")],
    "maria": [("Santos", "María", "Lim"), ("Santos", "Maria", "L."), ("Maria", "Santos", "Lim")],
    "maria, married": [("Dela Cruz", "Maria", "Santos")],
    "maria's sister": [("Santos", "Mara", "Lim"), ("SANTOS", "mara", "L.")],
    "jose": [("Ibañez", "Jose", ""), ("Ibanez", "José", "")],
}
NUMBERS = ["2025-00001", "202500001", "2025-00002", "202500002", "2025-00003", "juan", ""]
USERNAMES = ["juan", "maria", "202500001", "ana", ""]
EMAILS = ["house@x.ph", "juan@x.ph", "maria@x.ph", ""]


def whose(name: tuple[Any, Any, Any]) -> str:
    """Return the person a stored or written name belongs to."""
    written = tuple(part or "" for part in name)
    # Without the middle name it is still that person's; no two in the table differ by it alone.
    return next(person for person, ways in NAMES.items() if any(written[:2] == way[:2] for way in ways))


def digits(student_id: str | None) -> str:
    """Return a number without its dash; other ids in lower case."""
    return (student_id or "").replace("-", "").lower()


def is_number(student_id: str | None) -> bool:
    """Return whether an id of the table is a student number."""
    return digits(student_id).isdigit()


names = st.sampled_from([way for ways in NAMES.values() for way in ways])
rows = st.tuples(
    st.sampled_from(NUMBERS), st.sampled_from(USERNAMES), names, st.sampled_from(EMAILS), st.sampled_from(["Alpha", "Bravo"])
)
cells = rows.map(lambda row: [row[0], row[1], *row[2], row[3], row[4]])
workbooks = st.lists(cells, min_size=1, max_size=9)


@st.composite
def rosters(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw stored cadets as a plan takes them: no two with one number or user name, whatever else they share."""
    people: list[dict[str, Any]] = []
    for student_id, username, name, email, company in draw(st.lists(rows, max_size=5)):
        user = username or digits(student_id) or f"u{len(people)}"
        key = student_id or user
        if any(digits(key) == digits(known["student_id"]) or user == known["username"] for known in people):
            continue
        last, first, middle = name
        people.append(
            {"student_id": key, "username": user, "last_name": last, "first_name": first, "middle_name": middle or None,
             "email": email or None, "company": company}
        )  # fmt: skip
    return people


answers = st.lists(st.sampled_from(["same", "another", "leave", None]), min_size=9, max_size=9)
