"""Password hashing: bcrypt in a few threads of its own, with a queue that ends and in which everybody gets their turn.

One hash at cost 12 takes a quarter of a second of a core. Run by every request thread at once, a muster's worth of
sign-ins would leave no CPU for anything else; run here, at most ``workers`` of them hash and a sign-in that
would wait behind more than ``queue`` others is told to come back. Nobody fills the queue alone: an account has few hashes in
it, and places take turns, so that one person's sixty sign-ins at once, or one address's flood, wait for each other.
"""

import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import bcrypt
from flask import current_app

from auth_service.domain import passwords
from libs.web.errors import UpstreamDown

T = TypeVar("T")
# A double submit and a second device; more of one account at once are guesses or a fault.
EACH_ACCOUNT = 4
# Of the queue, the part that one place may fill.
SHARE_OF_PLACE = 0.75
AGAIN_SECONDS = 0.5


@dataclass(frozen=True)
class Asker:
    """For whom a hash is made.

    Attributes:
        account: the account it is about.
        place: the device or the address that asks, or "" for ourselves.
    """

    account: str = ""
    place: str = ""


OURSELVES = Asker()


class HashingPool:
    """Hashes and verifies passwords beside the request threads.

    Attributes:
        rounds: bcrypt rounds computed so far (2 to the power of each cost): what an attempt cost, without a stopwatch.
    """

    def __init__(self, *, cost: int, workers: int, queue: int) -> None:
        self.cost = cost
        self.rounds = 0
        self._turns = _Turns(workers + queue)
        self._counting = threading.Lock()
        self._executor = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="hashing")
        # What an unknown user's password is compared with: a real hash of today's cost that nothing matches.
        self._decoy = bcrypt.hashpw(bcrypt.gensalt(4), bcrypt.gensalt(cost)).decode()

    def hash(self, password: str, asker: Asker = OURSELVES) -> str:
        """Return the tagged hash to store.

        Raises:
            UpstreamDown: too many hashes are waiting.
        """
        raw = passwords.bcrypt_input(password)
        return passwords.tag(self._run(lambda: self._hashed(raw, self.cost), asker).decode())

    def verify(self, password: str, stored: str | None, asker: Asker = OURSELVES) -> bool:
        """Tell whether the password matches. A refusal costs the same whether there was a hash, a cheap legacy one or none.

        Raises:
            UpstreamDown: too many hashes are waiting.
        """
        parsed = passwords.parse(stored)
        digest = parsed.digest if parsed else self._decoy
        legacy = parsed is not None and parsed.scheme == passwords.LEGACY_SCHEME
        raw = passwords.legacy_bcrypt_input(password) if legacy else passwords.bcrypt_input(password)
        return self._run(lambda: self._matches(raw, digest), asker) and parsed is not None

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

    def _run(self, work: Callable[[], T], asker: Asker) -> T:
        if not self._turns.take(asker):
            message = "Many people are signing in right now. Please try again in a moment."
            raise UpstreamDown(message, code="sign_in_busy", retry_after=3, again=AGAIN_SECONDS)
        try:
            done: Future[T] = Future()
            self._turns.put(asker, work, done)
            self._executor.submit(self._turns.serve_next)
            return done.result()
        finally:
            self._turns.give_back(asker)

    def close(self) -> None:
        """End the threads once their work is done."""
        self._executor.shutdown(wait=True)


class _Turns:
    """Who waits, by place: the places are served in turn, and each place's hashes in the order of their coming."""

    def __init__(self, room: int) -> None:
        self._lock = threading.Lock()
        self._room = room
        self._held: Counter[tuple[str, str]] = Counter()
        self._taken = 0
        self._waiting: OrderedDict[str, deque[tuple[Callable[[], Any], Future[Any]]]] = OrderedDict()

    def take(self, asker: Asker) -> bool:
        """Take a place in the queue; False when there is none for this asker."""
        account, place = ("account", asker.account), ("place", asker.place)
        with self._lock:
            if self._taken >= self._room:
                return False
            if asker.account and self._held[account] >= EACH_ACCOUNT:
                return False
            if asker.place and self._held[place] >= max(1, int(self._room * SHARE_OF_PLACE)):
                return False
            self._taken += 1
            self._held.update((account, place))
            return True

    def give_back(self, asker: Asker) -> None:
        """Leave the queue."""
        with self._lock:
            self._taken -= 1
            self._held.subtract((("account", asker.account), ("place", asker.place)))
            self._held = +self._held

    def put(self, asker: Asker, work: Callable[[], Any], done: Future[Any]) -> None:
        """Have `work` done when it is its turn; `done` gets its result."""
        with self._lock:
            self._waiting.setdefault(asker.place, deque()).append((work, done))

    def serve_next(self) -> None:
        """Do the work whose turn it is."""
        with self._lock:
            place, waiting = self._waiting.popitem(last=False)
            work, done = waiting.popleft()
            if waiting:
                self._waiting[place] = waiting
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)


def hashing() -> HashingPool:
    """Return the pool of the running application."""
    return current_app.extensions["auth_hashing"]
