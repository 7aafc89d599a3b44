"""How the gradebook names and sorts a cadet."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any


def display_name(cadet: Mapping[str, Any]) -> str:
    """Return 'Last, First Middle Suffix' as rolls print it."""
    given = " ".join(part for key in ("first_name", "middle_name", "suffix_name") if (part := (cadet.get(key) or "").strip()))
    last = (cadet.get("last_name") or "").strip()
    return f"{last}, {given}" if last and given else last or given


def sort_name(name: str) -> str:
    """Return `name` without case and accents, so that Ibañez stands beside Ibanez whatever the database's locale."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def reference(cadet: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that grading keeps of a cadet as the roster describes it."""
    name = display_name(cadet)
    student_id = cadet.get("student_id")
    return {
        "id": cadet["id"],
        "student_id": student_id,
        "name": name,
        "sort_name": sort_name(name),
        "search": f"{sort_name(name)} {(student_id or '').lower()}",
        "company": cadet.get("company"),
        "platoon": cadet.get("platoon"),
        "cadet_course": cadet.get("cadet_course"),
        "status": cadet.get("status"),
        "is_archived": bool(cadet.get("is_archived")),
        "version": cadet.get("version") or 0,
    }
