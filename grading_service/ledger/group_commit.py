"""Calls that arrive while another is under way go together in the next: what databases do at commit, one level up.

Nobody waits for others, for a call that finds nothing under way starts at once. The busier it is, the more go together and the
less each of them costs.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Hashable, Sequence
from typing import Any

Work = Callable[[Sequence[Any]], Any]
# Many times what a round takes: one that takes longer waits for somebody's lock, which is not everybody's business.
PATIENCE_SECONDS = 0.25

log = logging.getLogger(__name__)


class _Caller:
    """One call: it leads the round in `round`, or waits until it is told the result, or that the round failed."""

    __slots__ = ("failed", "item", "keys", "result", "round", "told")

    def __init__(self, item: Any, keys: frozenset[Hashable]) -> None:
        self.item = item
        self.keys = keys
        self.round: list[_Caller] = []
        self.result: Any = None
        self.failed = False
        self.told = threading.Event()


class GroupCommit:
    """Does one piece of work for as many callers as wait for it, one round after the other.

    Args:
        work: fn(items) -> one result, out of which each caller takes its own part.
        keys: fn(item) -> what no two items of a round may share; their number is what the item weighs.
        most: what a round weighs at most, unless a single item weighs more.
        patience: after so many seconds a caller no longer waits for the round under way and starts another beside it.
    """

    def __init__(
        self,
        work: Work,
        *,
        keys: Callable[[Any], Collection[Hashable]],
        most: int,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._work = work
        self._keys = keys
        self._most = most
        self._patience = patience
        self._under_way = 0
        self._waiting: list[_Caller] = []
        self._lock = threading.Lock()

    def __call__(self, item: Any) -> Any:
        """Return what `work` returns for a round with this item.

        Raises what `work` raises for this item alone: when a round of several fails, each of them tries again by itself.
        """
        caller = _Caller(item, frozenset(self._keys(item)))
        with self._lock:
            self._waiting.append(caller)
            if not self._under_way:
                self._start_round(caller)
        while not caller.round and not caller.told.wait(self._patience):
            with self._lock:
                if caller in self._waiting:
                    self._start_round(caller)
        if caller.round:
            return self._lead(caller.round)
        return self._work([item]) if caller.failed else caller.result

    def _start_round(self, leader: _Caller) -> None:
        self._under_way += 1
        leader.round = self._next_round(leader)

    def _next_round(self, leader: _Caller) -> list[_Caller]:
        together, left, keys = [leader], [], set(leader.keys)
        for other in self._waiting:
            if other is leader:
                continue
            if len(keys) + len(other.keys) <= self._most and keys.isdisjoint(other.keys):
                together.append(other)
                keys |= other.keys
            else:
                left.append(other)
        self._waiting = left
        return together

    def _lead(self, together: list[_Caller]) -> Any:
        result, failed = None, True
        try:
            result = self._work([caller.item for caller in together])
            failed = False
        except Exception as error:
            if len(together) == 1:
                raise
            log.warning("a round failed; each goes alone", extra={"callers": len(together), "reason": type(error).__name__})
        finally:
            self._hand_on()
            for caller in together[1:]:
                caller.result, caller.failed = result, failed
                caller.told.set()
        return self._work([together[0].item]) if failed else result

    def _hand_on(self) -> None:
        with self._lock:
            self._under_way -= 1
            if not self._waiting:
                return
            # The one who has waited longest.
            leader = self._waiting[0]
            self._start_round(leader)
        leader.told.set()
