"""Bounds the large bodies that are on their way in: each takes disk for as long as its client's line lasts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from libs.web.errors import RateLimited, UpstreamDown

# In all, by each worker: 64 files of 26 MB are 1.7 GB at worst. For one person, so that nobody takes them all.
AT_ONCE = 64
EACH = 4


class Uploads:
    """The large bodies under way in this worker."""

    def __init__(self, at_once: int = AT_ONCE, each: int = EACH) -> None:
        self._at_once = at_once
        self._each = each
        self._by_subject: Counter[str] = Counter()

    @contextmanager
    def one(self, subject: str) -> Iterator[None]:
        """Hold a place for one large body of `subject`, a person or an address.

        Raises:
            RateLimited: this subject has enough under way. UpstreamDown: all have.
        """
        if self._by_subject[subject] >= self._each:
            raise RateLimited("Your other files are still on their way. Please wait for them.", retry_after=5)
        if self._by_subject.total() >= self._at_once:
            raise UpstreamDown("Many files are on their way in. Please try again.", code="upstream_busy", retry_after=5)
        self._by_subject[subject] += 1
        try:
            yield
        finally:
            self._by_subject[subject] -= 1
            if not self._by_subject[subject]:
                del self._by_subject[subject]
