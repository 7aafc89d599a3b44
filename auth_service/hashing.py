"""Password hashing: bcrypt in a few threads of its own, with a queue that ends.

One hash at cost 12 takes a quarter of a second of a core. Run by every request thread at once, a muster's worth of
sign-ins would leave no CPU for anything else; run here, at most ``workers`` of them hash and a sign-in that
would wait behind more than ``queue`` others is told to come back.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import bcrypt
from flask import current_app

from auth_service.domain import passwords
from libs.web.errors import UpstreamDown

T = TypeVar("T")


class HashingPool:
    """Hashes and verifies passwords beside the request threads.

    Attributes:
        rounds: bcrypt rounds computed so far (2 to the power of each cost): what an attempt cost, without a stopwatch.
    """

    def __init__(self, *, cost: int, workers: int, queue: int) -> None:
        self.cost = cost
        self.rounds = 0
        self._room = threading.BoundedSemaphore(workers + queue)
        self._counting = threading.Lock()
        self._executor = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="hashing")
        # What an unknown user's password is compared with: a real hash of today's cost that nothing matches.
        self._decoy = bcrypt.hashpw(bcrypt.gensalt(4), bcrypt.gensalt(cost)).decode()

    def hash(self, password: str) -> str:
        """Return the tagged hash to store.

        Raises:
            UpstreamDown: too many hashes are waiting.
        """
        raw = passwords.bcrypt_input(password)
        return passwords.tag(self._run(lambda: self._hashed(raw, self.cost)).decode())

    def verify(self, password: str, stored: str | None) -> bool:
        """Tell whether the password matches. A refusal costs the same whether there was a hash, a cheap legacy one or none.

        Raises:
            UpstreamDown: too many hashes are waiting.
        """
        parsed = passwords.parse(stored)
        digest = parsed.digest if parsed else self._decoy
        legacy = parsed is not None and parsed.scheme == passwords.LEGACY_SCHEME
        raw = passwords.legacy_bcrypt_input(password) if legacy else passwords.bcrypt_input(password)
        return self._run(lambda: self._matches(raw, digest)) and parsed is not None

    def _matches(self, raw: bytes, digest: str) -> bool:
        cost = int(digest[4:6])
        self._count(cost)
        try:
            matches = bcrypt.checkpw(raw, digest.encode())
        except ValueError:
            # A legacy row may look like bcrypt and carry an impossible salt: it matches nothing, but it must cost as much.
            matches = False
            self._hashed(raw, cost)
        if not matches:
            # 2^10 + (2^10 + 2^11) = 2^12: a failed legacy hash of cost 10 would otherwise be told by its speed.
            for cheaper in range(cost, self.cost):
                self._hashed(raw, cheaper)
        return matches

    def _hashed(self, raw: bytes, cost: int) -> bytes:
        self._count(cost)
        return bcrypt.hashpw(raw, bcrypt.gensalt(cost))

    def _count(self, cost: int) -> None:
        with self._counting:
            self.rounds += 2**cost

    def _run(self, work: Callable[[], T]) -> T:
        if not self._room.acquire(blocking=False):
            message = "Many people are signing in right now. Please try again in a moment."
            raise UpstreamDown(message, code="sign_in_busy", retry_after=3)
        try:
            return self._executor.submit(work).result()
        finally:
            self._room.release()

    def close(self) -> None:
        """End the threads once their work is done."""
        self._executor.shutdown(wait=True)


def hashing() -> HashingPool:
    """Return the pool of the running application."""
    return current_app.extensions["auth_hashing"]
