"""Password rules, schemes and the hashing pool."""

import bcrypt
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from auth_service.domain import passwords
from auth_service.hashing import OURSELVES, HashingPool
from libs.web.errors import UpstreamDown

UNICODE = st.text(min_size=1, max_size=200)


@pytest.fixture(scope="module")
def pool():
    """A pool at bcrypt's lowest cost."""
    made = HashingPool(cost=4, workers=2, queue=8)
    yield made
    made.close()


@pytest.mark.requirement("9.5", "27.4")
@settings(max_examples=60, deadline=None)
@given(password=UNICODE, other=UNICODE)
@example(password="x" * 72 + "a", other="x" * 72 + "b")
@example(password="a\x00b", other="a")
@example(password="\ud800", other="?")
@example(password="ñ" * 100, other="ñ" * 99)
def test_any_password_verifies_against_its_own_hash_and_no_other(pool, password, other):
    stored = pool.hash(password)

    assert stored.startswith("bcrypt_sha256$$2b$04$")
    assert pool.verify(password, stored)
    assert pool.verify(other, stored) == (passwords.bcrypt_input(other) == passwords.bcrypt_input(password))


def test_the_same_letters_composed_or_not_are_the_same_password(pool):
    assert pool.verify("pin\u0303a para sa lahat", pool.hash("pi\u00f1a para sa lahat"))


@pytest.mark.requirement("27.2")
@settings(max_examples=60, deadline=None)
@given(password=st.text(min_size=1, max_size=120), kind=st.sampled_from(["2a", "2b", "2y"]))
@example(password="x" * 100, kind="2a")
def test_a_legacy_hash_verifies_with_the_password_its_owner_always_used(pool, password, kind):
    raw = password.encode()[:72]
    legacy = bcrypt.hashpw(raw, bcrypt.gensalt(4)).decode().replace("$2b$", f"${kind}$")

    assert pool.verify(password, passwords.tag_legacy(legacy))
    # Legacy defect: the sha256 tag on a plain bcrypt hash locks everybody out. It must not verify by accident either.
    assert not pool.verify(password, passwords.tag(legacy))


@pytest.mark.requirement("27.2")
@pytest.mark.parametrize(
    "stored",
    [
        None,
        "",
        "bcrypt$",
        "bcrypt$$2a$10$DUMMYHASHFORIMPORTEDCADETS",
        "bcrypt$$2a$10$DUMMYHASHFORIMPORTEDCADETSDUMMYHASHFORIMPORTEDCADETSX1",
        "bcrypt$$2a$10$" + "z" * 53,
        "bcrypt$$2a$99$" + "a" * 53,
        "bcrypt$$2a$31$" + "a" * 53,
        "bcrypt_sha256$$2a$10$tooshort",
        "$2a$10$" + "a" * 53,
        "plain",
        "bcrypt$\x00",
    ],
)
def test_a_dummy_or_broken_hash_never_verifies_and_never_crashes(pool, stored):
    assert not pool.verify("DUMMYHASHFORIMPORTEDCADETS", stored)


def test_a_refusal_costs_the_same_for_an_unknown_user_a_current_hash_and_a_cheap_legacy_one():
    pool = HashingPool(cost=7, workers=1, queue=0)
    current = pool.hash("a password of mine")
    legacy = passwords.tag_legacy(bcrypt.hashpw(b"a password of mine", bcrypt.gensalt(5)).decode())
    broken = "bcrypt$$2a$05$DUMMYHASHFORIMPORTEDCADETSDUMMYHASHFORIMPORTEDCADETSX1"
    costs = set()
    for stored in (None, current, legacy, broken):
        before = pool.rounds
        assert not pool.verify("wrong password", stored)
        costs.add(pool.rounds - before)
    pool.close()

    assert costs == {2**7}


def test_a_full_pool_says_come_back_instead_of_queueing_without_end():
    pool = HashingPool(cost=4, workers=1, queue=1)
    assert pool._turns.take(OURSELVES)
    assert pool._turns.take(OURSELVES)
    with pytest.raises(UpstreamDown) as refused:
        pool.verify("anything", None)
    pool._turns.give_back(OURSELVES)
    pool._turns.give_back(OURSELVES)

    assert refused.value.retry_after
    assert pool.verify("fine again", pool.hash("fine again"))
    pool.close()


@pytest.mark.parametrize(
    ("password", "accepted"),
    [
        ("nine char", False),
        ("ten chars!", True),
        ("Password123", False),
        ("aaaaaaaaaaaa", False),
        ("abababababab", False),
        ("23456789:;<=", False),
        ("Juan.DelaCruz", False),
        ("x" * 257, False),
        ("ang bayan kong sinilangan", True),
    ],
)
def test_short_common_and_own_name_passwords_are_refused(password, accepted):
    assert (passwords.problems(password, username="juan.delacruz") == []) is accepted


@given(st.text(max_size=300), st.text(max_size=20))
def test_the_rules_answer_any_text(password, username):
    assert isinstance(passwords.problems(password, username=username), list)


@pytest.mark.requirement("27.3", "27.4")
def test_a_legacy_or_cheaper_hash_is_replaced_and_a_current_one_is_not():
    digest = bcrypt.hashpw(b"x", bcrypt.gensalt(4)).decode()

    assert passwords.needs_upgrade(passwords.tag_legacy(digest), cost=4)
    assert passwords.needs_upgrade(passwords.tag(digest), cost=5)
    assert not passwords.needs_upgrade(passwords.tag(digest), cost=4)
