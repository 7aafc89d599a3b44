"""What a client that was away is given: the events it missed, or the order to reload.

Pure: the stream is a function handed in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from libs.events.streams import Entry, Gap, Position

# More than this is quicker to fetch again than to replay, and keeps a mass reconnection cheap.
MAX_REPLAY = 1_000

# (after, until, count) -> entries after the first position up to and including the second; Gap when some are gone.
Read = Callable[[Position, Position, int], list[Entry]]


@dataclass(frozen=True)
class Recovery:
    """Either `entries` to send in order, or, with a `reason`, the order to reload."""

    entries: list[Entry] = field(default_factory=list)
    reason: str = ""

    @property
    def reset(self) -> bool:
        """Whether the client must reload."""
        return bool(self.reason)


def recover(asked: str, head: Position, read: Read) -> Recovery:
    """Return what a client needs that has seen everything up to `asked`, when this process has sent up to `head`.

    A client ahead of `head` comes from a sibling process that was quicker; it misses nothing.
    """
    position = Position.parse(asked)
    if position is None:
        return Recovery(reason="position_invalid")
    if position.epoch != head.epoch:
        return Recovery(reason="stream_restarted")
    if position.order >= head.order:
        return Recovery()
    try:
        entries = read(position, head, MAX_REPLAY + 1)
    except Gap:
        return Recovery(reason="position_too_old")
    if len(entries) > MAX_REPLAY:
        return Recovery(reason="position_too_old")
    return Recovery(entries)
