"""The signed id of a device: who signed in there, whatever is made of it on its way."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cli.testing.plugin import TEST_KEY
from libs.config import Settings, load
from libs.web import devices

OTHER_KEY = "0ther-0nly.Kq9vZ2mXw7Lr5Yb8Nc4Hd6Jf1Gs"
IDS = st.integers(1, 2**31 - 1)


def settings(**more: str) -> Settings:
    return load("gateway", {"RGMS_ENV": "test", "SECRET_KEY": TEST_KEY, "REDIS_URL": "redis://127.0.0.1:1/0", **more})


@given(st.lists(IDS, max_size=40))
def test_a_device_knows_the_last_twenty_who_signed_in_there_each_once(people: list[int]) -> None:
    device = None
    for person in people:
        device = devices.after_sign_in(device and devices.read(settings(), devices.sign(settings(), device)), person)
    recent = tuple(dict.fromkeys(reversed(people)))[: devices.ACCOUNTS]
    assert (device.accounts if device else ()) == recent


@given(st.text(max_size=60) | st.text(alphabet="abcAB._-019", max_size=1200))
def test_nothing_made_up_is_a_device(token: str) -> None:
    assert devices.read(settings(), token) is None


@given(IDS, st.integers(0, 200), st.characters(codec="ascii"))
def test_a_changed_token_makes_nobody_another(person: int, place: int, letter: str) -> None:
    device = devices.after_sign_in(None, person)
    token = devices.sign(settings(), device)
    place %= len(token)
    # The last letter of a signature has bits that mean nothing.
    assert devices.read(settings(), token[:place] + letter + token[place + 1 :]) in (None, device)


def test_a_rotated_key_makes_nobody_a_stranger_and_another_key_everybody() -> None:
    token = devices.sign(settings(), devices.after_sign_in(None, 7))
    assert devices.read(settings(SECRET_KEY=OTHER_KEY, SECRET_KEY_PREVIOUS=TEST_KEY), token)
    assert devices.read(settings(SECRET_KEY=OTHER_KEY), token) is None
