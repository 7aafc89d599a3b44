"""When a sign-in attempt has to wait.

Whoever brings a device that its owner signed in from before is *known*; everybody else at their address, and everywhere, is a
stranger. The rules, all over one sliding window (15 minutes, criterion 9.6):

* ``pair``: five failures of one account from one place: a known device, or else an address. It only ever stops that place.
* ``delay``: once strangers have failed ten times on an account, from wherever, an address that itself failed on it waits a
  growing time between its tries.
* two *lines*, in which strangers are let in one by one: the line of an address whose strangers failed 300 times, over all
  accounts (a campus has one address: three hundred cadets must get in at muster beside a machine that tries a list of names);
  and the line of an account on which strangers failed 30 times, from wherever they come.

Known devices stand in no line and are not delayed: nothing that strangers do keeps an owner out.
"""

import ipaddress
from dataclasses import dataclass, replace

WINDOW_SECONDS = 900
MAX_DELAY_SECONDS = 30
DELAY_AFTER = 10
# The lines: so many strangers are let in within so many seconds to a guessed account, and at a crowded address. At that pace an
# account stands 120 guesses an hour, and a campus of 300 gets in within three minutes.
ACCOUNT_LINE = (1, 30)
ADDRESS_LINE = (2, 1)


@dataclass(frozen=True)
class Limits:
    """How many failures are allowed in :attr:`window` seconds; None lifts a rule. Beyond those of an account or an address its
    strangers stand in line: so many are let in within so many seconds.
    """

    per_pair: int | None = 5
    per_address: int | None = 300
    per_account: int | None = 30
    delay_after: int | None = DELAY_AFTER
    window: int = WINDOW_SECONDS
    account_line: tuple[int, int] = ACCOUNT_LINE
    address_line: tuple[int, int] = ADDRESS_LINE


@dataclass(frozen=True)
class Visitor:
    """Who tries: an address, and the id of a device on which the owner of the tried account signed in before, if it is one."""

    address: str
    device: str = ""

    @property
    def place(self) -> str:
        """What is counted as one place."""
        return f"device {self.device}" if self.device else rate_limit_subject(self.address)


@dataclass(frozen=True)
class Failures:
    """The failures inside the window. Times are Unix seconds.

    Attributes:
        pair_blocking: of this account from this place, the failure whose ageing lets it try again; None below the limit.
        pair_last: of this account from this place, the newest; None for none, or one older than the longest delay.
        account: how many strangers' failures of this account, from anywhere.
        address: how many strangers' failures of this address, over all accounts.
    """

    pair_blocking: float | None
    pair_last: float | None
    account: int
    address: int


@dataclass(frozen=True)
class Verdict:
    """Whether an attempt must wait, and why.

    Attributes:
        reason: ``pair``, ``delay``, or the line in which it stands, ``account`` or ``address``; None for none.
        retry_after: whole seconds until another try makes sense.
        again: seconds until its turn in a line may have come; None where waiting in line is no use.
        guessed: whether strangers have failed on the account as often as it takes to make its line.
    """

    reason: str | None = None
    retry_after: int = 0
    again: float | None = None
    guessed: bool = False

    @property
    def refused(self) -> bool:
        """Tell whether the attempt may not be made now."""
        return self.reason is not None


ALLOWED = Verdict()


def rate_limit_subject(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or the /64 that one IPv6 household or phone hops about in."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(parsed), 64), strict=False))


def judge(failures: Failures, limits: Limits, visitor: Visitor, *, now: float) -> Verdict:
    """Return what ``pair`` and ``delay`` say about an attempt at ``now`` (Unix seconds)."""
    guessed = limits.per_account is not None and failures.account >= limits.per_account
    if failures.pair_blocking is not None:
        return replace(wait("pair", failures.pair_blocking + limits.window - now), guessed=guessed)
    delay = 0 if visitor.device else delay_for(failures.account, limits)
    if failures.pair_last is not None and delay:
        remaining = failures.pair_last + delay - now
        if remaining > 0:
            return replace(wait("delay", remaining), guessed=guessed)
    return Verdict(guessed=guessed)


def lines_of(failures: Failures, limits: Limits, visitor: Visitor) -> list[str]:
    """Return the lines in which an attempt has to stand: ``account``, ``address``, both or none."""
    if visitor.device:
        return []
    account = limits.per_account is not None and failures.account >= limits.per_account
    address = limits.per_address is not None and failures.address >= limits.per_address
    return [name for name, stands in (("account", account), ("address", address)) if stands]


def delay_for(account_failures: int, limits: Limits) -> int:
    """Return the seconds an address that failed on the account waits between its tries: 1, 2, 4 ... at most 30."""
    if limits.delay_after is None or account_failures < limits.delay_after:
        return 0
    return min(MAX_DELAY_SECONDS, 1 << min(account_failures - limits.delay_after, 10))


def wait(reason: str, seconds: float, *, in_line: bool = False) -> Verdict:
    """Return the verdict that an attempt has to wait for ``seconds``."""
    return Verdict(reason, max(1, int(-(-seconds // 1))), again=max(0.0, seconds) if in_line else None)
