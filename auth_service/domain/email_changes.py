"""When another address becomes the one by which a password is reset.

Whoever reads that address can take the account. So a change by its owner, who just gave the password, counts at once, and the
old address is told and can undo it for seven days. A change by anybody else waits until the owner or a second officer says yes.
An account that has no password and no address yet takes the first one it is given: there is nobody to take it from.
"""

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

UNDO_LIFE = timedelta(days=7)
WAITING, APPLIED, UNDONE, REFUSED, REPLACED = "waiting", "applied", "undone", "refused", "replaced"


class Step(enum.Enum):
    """What to do with an address that the roster gives."""

    NOTHING = "nothing"
    WITHDRAW = "withdraw"
    TAKE = "take"
    APPLY = "apply"
    WAIT = "wait"


@dataclass(frozen=True)
class Account:
    """What counts of an account.

    Attributes:
        email: the address by which its password is reset.
        activated: whether its owner has ever set a password.
        waiting: the address that waits for a yes; "" for none.
        rejected: the newest address that its owner or an officer did not want; "" for none.
    """

    email: str | None
    activated: bool
    waiting: str = ""
    rejected: str = ""


def same(one: str | None, other: str | None) -> bool:
    """Return whether two addresses are one; upper and lower case alike."""
    return (one or "").casefold() == (other or "").casefold()


def judge(account: Account, given: str | None, *, by_owner: bool) -> Step:
    """Return what to do when the roster says `given`."""
    if same(account.email, given):
        return Step.WITHDRAW if account.waiting else Step.NOTHING
    if by_owner:
        return Step.APPLY
    if account.email is None and not account.activated:
        return Step.TAKE
    if given is None:
        # An office that clears the field must not cut the owner off from their account.
        return Step.WITHDRAW if account.waiting else Step.NOTHING
    if same(account.waiting, given) or same(account.rejected, given):
        return Step.NOTHING
    return Step.WAIT


def may_undo(applied_at: datetime, now: datetime) -> bool:
    """Return whether the old address may still take the change back."""
    return now < applied_at + UNDO_LIFE
