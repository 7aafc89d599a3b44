"""The queue of hashes: everybody gets their turn, and nobody fills it alone."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from auth_service.hashing import EACH_ACCOUNT, Asker, HashingPool
from libs.web.errors import UpstreamDown


class Held:
    """A pool with one worker that is busy until it is let go; what was asked meanwhile is done in `order`."""

    def __init__(self, queue: int) -> None:
        self.pool, self.order = HashingPool(cost=4, workers=1, queue=queue), []
        self._go, self._busy = threading.Event(), threading.Event()
        self._threads = ThreadPoolExecutor(64)
        self._threads.submit(self.pool._run, self._hold, Asker())
        assert self._busy.wait(10)

    def _hold(self) -> None:
        self._busy.set()
        assert self._go.wait(10)

    def ask(self, name: str, asker: Asker):
        """Ask for work under a name; return its future once it waits, or was refused."""
        before = self.waiting()
        future = self._threads.submit(self.pool._run, lambda: self.order.append(name), asker)
        while self.waiting() == before and not future.done():
            pass
        return future

    def waiting(self) -> int:
        return sum(map(len, self.pool._turns._waiting.values()))

    def let_go(self) -> list[str]:
        """Return the names in the order in which their work was done."""
        self._go.set()
        self._threads.shutdown(wait=True)
        self.pool.close()
        return self.order


def refused(future) -> bool:
    return isinstance(future.exception(0) if future.done() else None, UpstreamDown)


def test_sixty_four_sign_ins_of_one_person_take_four_places_and_others_come_in_between():
    held = Held(queue=48)
    crowd = [held.ask("ana", Asker("ana", "campus")) for _ in range(64)]
    others = [held.ask(f"other {number}", Asker(f"other {number}", f"home {number}")) for number in range(12)]

    assert [refused(future) for future in crowd] == [False] * EACH_ACCOUNT + [True] * (64 - EACH_ACCOUNT)
    assert not any(refused(future) for future in others)
    assert held.let_go()[:3] == ["ana", "other 0", "other 1"]


def test_a_flood_of_one_place_leaves_room_for_others_and_waits_for_itself():
    held = Held(queue=15)
    flood = [held.ask("flood", Asker(f"name {number}", "campus")) for number in range(20)]
    known = held.ask("known", Asker("officer", "device tablet"))

    assert [refused(future) for future in flood].count(False) == 12
    assert not refused(known)
    assert held.let_go()[:2] == ["flood", "known"]


def test_places_are_given_back_also_when_the_work_fails():
    pool = HashingPool(cost=4, workers=1, queue=0)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            pool._run(lambda: 1 // 0, Asker("ana", "campus"))
    assert pool.verify("fine", pool.hash("fine"))
    pool.close()
