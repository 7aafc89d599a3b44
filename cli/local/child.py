"""What happens in a child between fork and exec: its own process group, fewer rights, and death together with the runner."""

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.local.errors import LocalError

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
PR_SET_SECUREBITS = 28
SECBIT_NO_SETUID_FIXUP = 4
CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2
CAP_SETPCAP = 8
CAPABILITY_VERSION_3 = 0x20080522

ON_LINUX = sys.platform == "linux"
# Loaded here, in the parent: nothing may take a lock or allocate much between fork and exec.
_libc: Any = ctypes.CDLL(None, use_errno=True) if ON_LINUX else None


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _CapabilityData(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


@dataclass(frozen=True)
class Account:
    """The unprivileged user a child runs as when the runner is root (PostgreSQL refuses to run as root)."""

    uid: int
    gid: int
    search: int | None = None
    """A capability that lets the child walk through directories closed to its user, or None when it needs none."""


def before_exec(
    *, death_signal: int = signal.SIGTERM, account: Account | None = None, private: bool = False
) -> Callable[[], None]:
    """Return the function to run in the child: leaves the runner's process group, drops to `account`, dies with its parent.

    Args:
        death_signal: what the kernel sends it when its parent is gone.
        account: whom it becomes.
        private: whether what it writes is for its own user's eyes only.

    The parent-death signal belongs to the *thread* that forks: start children from a thread that lives as long as they should.
    """
    parent = os.getpid()

    def prepare() -> None:
        os.setpgid(0, 0)
        if private:
            os.umask(0o077)
        if account is not None:
            _drop_to(account)
        if _libc is not None:
            # After the change of user: the kernel clears the signal whenever credentials change.
            _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def account_for(data_dir: Path, *, reads: Path) -> Account | None:
    """Choose whom a server that refuses root runs as: None when we are not root, else the owner of its data, else `nobody`.

    Args:
        data_dir: the server's own directory, which may not exist yet; the caller gives it to the chosen user.
        reads: a directory the child must be able to read, its own program.

    Raises:
        LocalError: a directory on the way is closed to that user and this process may not lend it the right to pass.
    """
    if os.geteuid() != 0:
        return None
    owner = data_dir.stat() if data_dir.exists() else None
    if owner is not None and owner.st_uid != 0:
        uid, gid = owner.st_uid, owner.st_gid
    else:
        nobody = pwd.getpwnam("nobody")
        uid, gid = nobody.pw_uid, nobody.pw_gid
    ways = {*data_dir.resolve().parents, *reads.resolve().parents}
    closed = next((directory for directory in sorted(ways) if not _may_pass(directory, uid, gid)), None)
    if closed is None:
        return Account(uid, gid)
    held = _held_capabilities()
    for capability in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
        if held & (1 << capability) and held & (1 << CAP_SETPCAP):
            return Account(uid, gid, capability)
    raise LocalError(
        f"PostgreSQL does not run as root, and other users may not enter {closed}. "
        "Choose a data directory they may enter (RGMS_DATA_DIR=/var/lib/rgms), or run as an ordinary user."
    )


def _may_pass(directory: Path, uid: int, gid: int) -> bool:
    stat = directory.stat()
    if stat.st_uid == uid:
        return bool(stat.st_mode & 0o100)
    if stat.st_gid == gid:
        return bool(stat.st_mode & 0o010)
    return bool(stat.st_mode & 0o001)


def _held_capabilities() -> int:
    """Return the bits of the capabilities this process is permitted, 0 where there are none (macOS)."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return next((int(line.split()[1], 16) for line in status.splitlines() if line.startswith("CapPrm:")), 0)


def _drop_to(account: Account) -> None:
    """Become `account` for good, keeping at most the one capability that opens closed directories to it."""
    if account.search is not None:
        _libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
        # Without this bit access(2), by which initdb looks for its programs, forgets the capabilities of whoever is not root.
        if _libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0) != 0:
            os._exit(126)
    os.setgroups([])
    os.setgid(account.gid)
    os.setuid(account.uid)
    if account.search is None:
        return
    bit = 1 << account.search
    header = _CapabilityHeader(CAPABILITY_VERSION_3, 0)
    data = (_CapabilityData * 2)(_CapabilityData(bit, bit, bit), _CapabilityData(0, 0, 0))
    kept = _libc.capset(ctypes.byref(header), data) == 0
    if not kept or _libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, account.search, 0, 0) != 0:
        os._exit(126)
