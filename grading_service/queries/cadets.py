"""What grading knows of cadets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import text

from grading_service.domain.cadets import sort_name
from libs.data.db import reading

_ONE = text(
    """SELECT id, student_id, name, company, platoon, cadet_course, status, special, is_archived
        FROM grading.cadet_ref WHERE id = :id"""
)
_KNOWN = text("SELECT id FROM grading.cadet_ref WHERE id = ANY(:ids)")
# By way of the terms, which are few: the records of a cadet are found by term.
_WITH_RECORDS = text(
    """SELECT c.id FROM unnest(CAST(:ids AS integer[])) AS c(id) WHERE EXISTS (
        SELECT FROM grading.term t JOIN grading.record r ON r.term_id = t.id AND r.cadet_id = c.id) ORDER BY c.id"""
)
_VERSIONS = text("SELECT id, version FROM grading.cadet_ref")


def find_cadet(cadet_id: int) -> dict[str, Any] | None:
    """Return one cadet as grading knows them, or None."""
    with reading() as connection:
        row = connection.execute(_ONE, {"id": cadet_id}).mappings().first()
    return dict(row) if row else None


def known_cadets(cadet_ids: Iterable[int]) -> set[int]:
    """Return those of `cadet_ids` that grading knows."""
    with reading() as connection:
        return set(connection.execute(_KNOWN, {"ids": list(cadet_ids)}).scalars())


def cadets_with_records(cadet_ids: list[int]) -> list[int]:
    """Return those of `cadet_ids` of whom there is any record, effective or not."""
    with reading() as connection:
        return list(connection.execute(_WITH_RECORDS, {"ids": cadet_ids}).scalars())


def cadet_versions() -> dict[int, int]:
    """Return the roster's version of each cadet that grading knows, by id."""
    with reading() as connection:
        return {row.id: row.version for row in connection.execute(_VERSIONS)}


def search_pattern(wanted: str) -> str:
    """Return the LIKE pattern that finds `wanted` in names and student ids, whatever its case and accents."""
    folded = sort_name(wanted)
    return "%" + folded.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
