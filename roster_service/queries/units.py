"""The unit tree and the courses."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select, text

from libs.data.db import reading
from libs.web.lists import INTEGER, Key, Listing, columns_of, page_bytes
from libs.web.pagination import Page
from roster_service.domain.units import UnitNames
from roster_service.models import Course, Unit

# How many listed cadets each unit has: a company's and a special unit's by their name, a platoon's within its company.
_TREE = text(
    """
    SELECT u.id, u.kind, u.name, u.parent_id, u.sequence, u.is_active, u.version, count(c.id) AS cadets
    FROM roster.unit u
    LEFT JOIN roster.unit p ON p.id = u.parent_id
    LEFT JOIN roster.cadet c ON NOT c.is_archived AND c.withdrawn_at IS NULL AND CASE u.kind
        WHEN 'battalion' THEN true
        WHEN 'company' THEN c.company = u.name
        WHEN 'platoon' THEN c.platoon = u.name AND c.company = p.name
        ELSE c.platoon = u.name END
    GROUP BY u.id
    ORDER BY u.sequence, lower(u.name), u.id
    """
)
COURSES = Listing(
    source="roster.course t",
    id=Key("t.id", INTEGER),
    fields=columns_of("t", ("id", "name", "is_active"))
    | {
        "cadets": """(SELECT count(*) FROM roster.cadet c
            WHERE c.course = t.name AND NOT c.is_archived AND c.withdrawn_at IS NULL)"""
    },
    sorts={"name": (Key("lower(t.name)"),)},
    default_sort="name",
)


def unit_tree() -> list[dict[str, Any]]:
    """Return the battalions, each with its units in `children`, in one statement."""
    with reading() as connection:
        units = [{**row, "children": []} for row in connection.execute(_TREE).mappings()]
    by_id = {unit["id"]: unit for unit in units}
    for unit in units:
        if unit["parent_id"]:
            by_id[unit["parent_id"]]["children"].append(unit)
    return [unit for unit in units if unit["parent_id"] is None]


def unit_names() -> UnitNames:
    """Return the names of all units with their ids, to resolve what a cadet's record says."""
    with reading() as connection:
        rows = connection.execute(
            select(Unit.id, Unit.kind, Unit.name, Unit.parent_id, Unit.is_active).order_by(Unit.sequence, Unit.id)
        ).mappings()
        return UnitNames([dict(row) for row in rows])


def unit_row(unit: Unit) -> dict[str, Any]:
    """Return a unit just written as the API shows it."""
    return {name: getattr(unit, name) for name in ("id", "kind", "name", "parent_id", "sequence", "is_active", "version")}


def sibling_named(name: str, parent_id: int | None, other_than: int | None) -> int | None:
    """Return the id of a unit other than one with this name under the same parent, in whatever letter case."""
    with reading() as connection:
        return connection.execute(
            select(Unit.id).where(
                func.lower(Unit.name) == func.lower(name),
                func.coalesce(Unit.parent_id, 0) == (parent_id or 0),
                Unit.id != (other_than or 0),
            )
        ).scalar()


def courses_page(page: Page) -> bytes:
    """Return a page of courses as JSON by name, with the number of listed cadets enrolled in each."""
    return page_bytes(COURSES, page)


def course_named(name: str) -> int | None:
    """Return the id of the course with this name, in whatever letter case."""
    with reading() as connection:
        return connection.execute(select(Course.id).where(func.lower(Course.name) == func.lower(name))).scalar()
