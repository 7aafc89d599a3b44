"""What a stored fact does: it has an effect, or it has none and says why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

APPLIED, NONE = "applied", "none"

OLDER = "older_than_the_current"
CHANGED_MEANWHILE = "changed_meanwhile"
CANCELLED_DAY = "cancelled_day"
OUTSIDE_TERM = "outside_term"
ARCHIVED_CADET = "archived_cadet"
VOIDED = "voided"
NOTHING_TO_VOID = "nothing_to_void"
CLOCK_AHEAD = "clock_ahead"

SET_ASIDE = (ARCHIVED_CADET, OUTSIDE_TERM, CHANGED_MEANWHILE)
"""Why a record is kept without an effect for good."""

# What a person reads: what happened, what was kept, what to do.
_WORDS = {
    OLDER: "One that was made later stands. This one is kept; if it is right, send it as a correction of the one that stands.",
    CANCELLED_DAY: "This training day is cancelled. The mark is kept and counts if the day is reinstated.",
    OUTSIDE_TERM: "This is dated outside the term. It is kept and does not count.",
    ARCHIVED_CADET: "This cadet is archived. It is kept and does not count.",
    VOIDED: "This was voided since.",
    NOTHING_TO_VOID: "What this voids had no effect.",
    CLOCK_AHEAD: "The clock of the device is ahead. It is kept as it came and ordered by when it arrived.",
}
_REPLACED = "Somebody had changed this meanwhile. Yours stands; compare both."
_NOT_APPLIED = "Somebody changed this meanwhile. Yours is kept and does not stand; compare both."
REASONS = (*_WORDS, CHANGED_MEANWHILE)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a fact does.

    Attributes:
        id: of its record.
        reason: why it has no effect, or what is remarkable about one that has; one of REASONS or None.
        current: what stands in its place when it is a mark or a score without effect.
        replaced: what it took the place of, when its writer had not seen that.
    """

    id: str
    effect: str = APPLIED
    reason: str | None = None
    current: Row | None = None
    replaced: Row | None = None

    def to_dict(self) -> Row:
        """Return the JSON form."""
        return {
            "id": self.id,
            "effect": self.effect,
            "reason": self.reason,
            "message": self._message(),
            "current": self.current,
            "replaced": self.replaced,
        }

    def _message(self) -> str | None:
        if self.reason == CHANGED_MEANWHILE:
            return _REPLACED if self.effect == APPLIED else _NOT_APPLIED
        return None if self.reason is None else _WORDS[self.reason]
