"""When a cadet's profile is complete, and what completing it means (legacy reference 5.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from roster_service.domain.choices import STATUS_ONGOING, STATUS_VERIFIED

OWN_FIELDS = ("email", "contact_number", "address", "gender", "religion", "birthdate")
NEEDED_FIELDS = ("email", "contact_number", "address")


def missing_for_completion(cadet: Mapping[str, Any]) -> list[str]:
    """Return the fields that must be filled in before the profile can be completed."""
    return [name for name in NEEDED_FIELDS if not cadet[name]]


def status_when_completed(status: str) -> str:
    """Return the status a completed profile gives; a decision of the office, such as Drop, stays (it was lost before)."""
    return STATUS_VERIFIED if status == STATUS_ONGOING else status
