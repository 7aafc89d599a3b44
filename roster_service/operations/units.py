"""Changing the unit tree and the courses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from libs.data.db import transaction
from libs.web.errors import Conflict, Invalid, NotFound
from libs.web.etag import check_if_match
from roster_service.domain.units import PARENT_KINDS
from roster_service.models import Cadet, Course, Unit
from roster_service.operations.events import tell_cadets
from roster_service.queries import units


def create_unit(*, values: Mapping[str, Any]) -> dict[str, Any]:
    """Add a unit to the tree.

    Raises:
        Invalid: a parent that is none, or of the wrong kind.
        Conflict: a sibling has this name.
    """
    with transaction() as session:
        parent_id, kind = values.get("parent_id"), values["kind"]
        parent = session.get(Unit, parent_id, with_for_update=True) if parent_id else None
        needed = PARENT_KINDS.get(kind)
        if (parent.kind if parent else None) != needed:
            wanted = f"A {kind} stands under a {needed}." if needed else "A battalion stands under nothing."
            raise Invalid(details={"parent_id": [wanted]})
        _refuse_sibling(values["name"], parent_id, None)
        unit = Unit(kind=kind, name=values["name"], parent_id=parent_id, sequence=values["sequence"], is_active=True, version=1)
        session.add(unit)
        session.flush()
        return units.unit_row(unit)


def update_unit(*, unit_id: int, values: Mapping[str, Any], if_match: str | None, now: datetime) -> dict[str, Any]:
    """Rename, reorder or switch off a unit; If-Match is honoured. Its cadets' records follow a new name.

    Raises:
        NotFound, StaleVersion
        Conflict: a sibling has this name.
    """
    with transaction() as session:
        unit = session.get(Unit, unit_id, with_for_update=True)
        if unit is None:
            raise NotFound()
        check_if_match(unit.version, if_match)
        changed = {name: value for name, value in values.items() if getattr(unit, name) != value}
        if "name" in changed:
            _refuse_sibling(changed["name"], unit.parent_id, unit_id)
            _rename_in_records(session, unit, changed["name"], now)
        for name, value in changed.items():
            setattr(unit, name, value)
        unit.version += bool(changed)
        session.flush()
        return units.unit_row(unit)


def _rename_in_records(session: Session, unit: Unit, name: str, now: datetime) -> None:
    field = "company" if unit.kind == "company" else "platoon"
    if unit.kind == "battalion":
        return
    concerned = select(Cadet).where(getattr(Cadet, field) == unit.name, Cadet.withdrawn_at.is_(None))
    if unit.kind == "platoon":
        concerned = concerned.where(Cadet.unit_id == unit.id)
    found = session.scalars(concerned.order_by(Cadet.id).with_for_update()).all()
    for cadet in found:
        setattr(cadet, field, name)
        cadet.version += 1
        cadet.updated_at = now
    if found:
        tell_cadets(session, found, now)


def _refuse_sibling(name: str, parent_id: int | None, other_than: int | None) -> None:
    if sibling := units.sibling_named(name, parent_id, other_than):
        raise Conflict(
            "A unit beside it has this name.", code="duplicate_name", details={"field": "name", "unit": {"id": sibling}}
        )


def create_course(*, name: str) -> dict[str, Any]:
    """Add a course of study.

    Raises:
        Conflict: there is one of this name.
    """
    with transaction() as session:
        if twin := units.course_named(name):
            raise Conflict(
                "There is a course of this name.", code="duplicate_name", details={"field": "name", "course": {"id": twin}}
            )
        course = Course(name=name, is_active=True)
        session.add(course)
        session.flush()
        return {"id": course.id, "name": course.name, "is_active": True, "cadets": 0}
