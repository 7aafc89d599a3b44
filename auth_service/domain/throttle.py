"""When a sign-in attempt has to wait.

Three rules, all over one sliding window (15 minutes, criterion 9.6):

* ``pair``: five failures of one account from one address. It only ever stops that address.
* ``address``: a high limit over all accounts. A whole campus sits behind one address; five typing errors must not
  keep three hundred cadets out at muster, while a machine that tries a name list is stopped.
* ``delay``: once an account has failed ten times from anywhere, an address that itself failed on it waits a growing time
  between its tries. An address that never failed on it does not wait, so an attack from elsewhere
  slows the attackers down and never shuts the owner out.
"""

import ipaddress
from dataclasses import dataclass

WINDOW_SECONDS = 900
MAX_DELAY_SECONDS = 30
DELAY_AFTER = 10


@dataclass(frozen=True)
class Limits:
    """How many failures are allowed in :attr:`window` seconds; None lifts a rule."""

    per_pair: int = 5
    per_address: int | None = 300
    delay_after: int | None = DELAY_AFTER
    window: int = WINDOW_SECONDS


@dataclass(frozen=True)
class Failures:
    """The failures inside the window. Times are Unix seconds.

    Attributes:
        pair_blocking: of this account from this address, the failure whose ageing lets it try again; None below the limit.
        pair_last: of this account from this address, the newest; None for none, or one older than the longest delay.
        account: how many of this account from anywhere.
        address_blocking: over all accounts, the failure of this address whose ageing lets it try again; None below its limit.
    """

    pair_blocking: float | None
    pair_last: float | None
    account: int
    address_blocking: float | None


@dataclass(frozen=True)
class Verdict:
    """Whether the attempt must wait, why (``pair``, ``address`` or ``delay``), and for how many whole seconds."""

    reason: str | None = None
    retry_after: int = 0

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


def judge(failures: Failures, limits: Limits, *, now: float) -> Verdict:
    """Return what the three rules say about an attempt at ``now`` (Unix seconds)."""
    window = limits.window
    if failures.pair_blocking is not None:
        return _wait("pair", failures.pair_blocking + window - now)
    if failures.address_blocking is not None:
        return _wait("address", failures.address_blocking + window - now)
    delay = delay_for(failures.account, limits)
    if failures.pair_last is not None and delay:
        remaining = failures.pair_last + delay - now
        if remaining > 0:
            return _wait("delay", remaining)
    return ALLOWED


def delay_for(account_failures: int, limits: Limits) -> int:
    """Return the seconds an address that failed on the account waits between its tries: 1, 2, 4 ... at most 30."""
    if limits.delay_after is None or account_failures < limits.delay_after:
        return 0
    return min(MAX_DELAY_SECONDS, 1 << min(account_failures - limits.delay_after, 10))


def _wait(reason: str, seconds: float) -> Verdict:
    return Verdict(reason, max(1, int(-(-seconds // 1))))
