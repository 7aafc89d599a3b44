"""The unit tree by name: what the words company and platoon of a cadet's record stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from roster_service.domain.imports.sheets import Units

# Which kind of unit stands under which.
PARENT_KINDS = {"company": "battalion", "special": "battalion", "platoon": "company"}


class UnitNames:
    """All units of the tree, resolvable by name without regard to letter case.

    Args:
        units: rows of {id, kind, name, parent_id, is_active}, in the order of the tree.
    """

    def __init__(self, units: Sequence[Mapping[str, Any]]) -> None:
        self._companies = {unit["name"].casefold(): unit for unit in units if unit["kind"] == "company"}
        self._specials = {unit["name"].casefold(): unit for unit in units if unit["kind"] == "special"}
        self._platoons = {(unit["parent_id"], unit["name"].casefold()): unit for unit in units if unit["kind"] == "platoon"}
        # What a record may be given anew; one that names a unit switched off since keeps it.
        self._company_names = _names(units, "company")
        self._platoon_names = _names(units, "platoon") | _names(units, "special")

    def company(self, name: str) -> str | None:
        """Return the company's name as the tree writes it; None when there is no such active company."""
        return self._company_names.get(name.casefold())

    def platoon(self, name: str) -> str | None:
        """Return the name of a platoon or special unit as the tree writes it; None when there is no active one."""
        return self._platoon_names.get(name.casefold())

    def resolve(self, company: str | None, platoon: str | None) -> int | None:
        """Return the id of the smallest unit that the two words name together; None when they name none.

        A platoon counts within its company; a special unit stands by itself.
        """
        within = self._companies.get((company or "").casefold())
        special = self._specials.get((platoon or "").casefold())
        if special:
            return int(special["id"])
        if within is None:
            return None
        smaller = self._platoons.get((within["id"], (platoon or "").casefold()))
        return int((smaller or within)["id"])

    def for_import(self) -> Units:
        """Return the words an import may use."""
        return Units(tuple(self._company_names.values()), tuple(self._platoon_names.values()))


def _names(units: Sequence[Mapping[str, Any]], kind: str) -> dict[str, str]:
    return {unit["name"].casefold(): unit["name"] for unit in units if unit["kind"] == kind and unit["is_active"]}
