"""The tree that explains a grade: every node's points are the exact sum of its children, down to the records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from grading_service.domain.records import Ignored, Record
from grading_service.domain.transmutation import rounded


@dataclass(frozen=True, slots=True)
class Node:
    """One step of the explanation.

    Attributes:
        id: stable within a tree, such as `aptitude.base` or a record's id.
        label, rule: what it is and how it was reckoned, in words for a cadet.
        points: the exact amount; None while it is not known.
        maximum: what it could be at most, where that means something.
        minimum: what it must reach; points short of it are not shown as having reached it.
        record: the fact behind a leaf; None for a rule's own fact and for inner nodes.
    """

    id: str
    label: str
    rule: str
    points: Fraction | None
    maximum: Fraction | None = None
    minimum: Fraction | None = None
    record: Record | None = None
    children: tuple[Node, ...] = ()

    def leaves(self) -> Iterator[Node]:
        """Yield the nodes without children, left to right."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()

    def records(self) -> Iterator[Record]:
        """Yield every record below this node."""
        return (leaf.record for leaf in self.leaves() if leaf.record is not None)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form: `points` for reading (two decimals), `exact` for adding up (a fraction such as 28/15)."""
        return {
            "id": self.id,
            "label": self.label,
            "rule": self.rule,
            "points": points_text(self.points, self.minimum),
            "exact": None if self.points is None else str(self.points),
            "max": points_text(self.maximum),
            "records": [str(record.id) for record in self.records()],
            "record": None if self.record is None else fact_to_dict(self.record),
            "children": [child.to_dict() for child in self.children],
        }


def fact_to_dict(record: Record) -> dict[str, Any]:
    """Return the JSON form of the fact behind a leaf: what it is, for when, and by whom."""
    return {
        "kind": record.kind,
        "status": record.status,
        "occurred_at": record.occurred_at.isoformat(),
        "actor_id": record.actor_id,
    }


def points_text(value: Fraction | None, minimum: Fraction | None = None) -> str | None:
    """Return points as text with two decimals, or None; points short of `minimum` are not rounded up to it."""
    if value is None:
        return None
    return str(rounded(value, bounds=() if minimum is None else (minimum,)))


def ignored_to_dict(ignored: Sequence[Ignored]) -> list[dict[str, Any]]:
    """Return the JSON form of the records that move nothing."""
    return [{"record": str(item.record.id), "kind": item.record.kind, "reason": item.reason} for item in ignored]
