"""How much of a component is held, still open and lost."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Standing:
    """Parts of a component's weight; `lost` is the rest, so the three always make the whole."""

    weight: Fraction
    held: Fraction
    open: Fraction

    @property
    def lost(self) -> Fraction:
        """What can no longer be reached."""
        return self.weight - self.held - self.open
