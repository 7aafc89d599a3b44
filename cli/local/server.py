"""A data server as a child process: what PostgreSQL and Redis have in common."""

import contextlib
import os
import secrets
import signal
import subprocess
import time
from pathlib import Path

from cli.local.child import Account, before_exec
from cli.local.errors import LocalError

START_SECONDS = 30.0
STOP_SECONDS = 20.0


class LocalServer:
    """One server in one directory of its own.

    Subclasses say how to prepare the directory, which command runs the server and how to ask whether it answers.
    """

    name = "server"
    stop_signal = signal.SIGTERM

    def __init__(self, data_dir: Path | str, *, port: int | None = None, durable: bool = True) -> None:
        """Describe the server without starting it.

        Args:
            data_dir: where it keeps data, password, port and log; made when missing.
            port: the port to listen on; None means last time's, or a free one. A server that died comes back on its port only,
                as others hold its address.
            durable: False trades safety at a power cut for speed, for tests.
        """
        self.data_dir = Path(data_dir).absolute()
        self.port = port
        self.durable = durable
        self._wanted_port = port
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Start the server unless it runs, and return its address once it answers."""
        raise NotImplementedError

    @property
    def pid(self) -> int | None:
        """The process id while the server runs, else None."""
        return self._process.pid if self._process is not None and self.running else None

    @property
    def running(self) -> bool:
        """Whether the server's process is alive."""
        return self._process is not None and self._process.poll() is None

    @property
    def log_path(self) -> Path:
        """The file that collects what the server prints."""
        return self.data_dir / f"{self.name}.log"

    def stop(self) -> None:
        """Ask the server to end cleanly and wait until it has; kill it when it does not listen."""
        if self._process is None:
            return
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(self.stop_signal)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill9()
        self._process = None
        self.port = self._wanted_port

    def kill9(self) -> None:
        """Kill the server as a power cut would, leaving its files as they are."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()

    def _spawn(self, command: list[str], *, environment: dict[str, str], account: Account | None = None) -> None:
        with open(self.log_path, "ab", opener=private_opener) as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd="/" if account else self.data_dir,
                env=environment,
                close_fds=True,
                preexec_fn=before_exec(death_signal=self.stop_signal, account=account, private=True),
            )

    def _answers(self) -> bool:
        raise NotImplementedError

    def _wait_until_it_answers(self, seconds: float = START_SECONDS) -> bool:
        """Return True once the server answers, False when its process ended before that.

        Raises:
            LocalError: neither happened in time.
        """
        deadline = time.monotonic() + seconds
        pause = 0.01
        while time.monotonic() < deadline:
            if not self.running:
                return False
            if self._answers():
                return True
            time.sleep(pause)
            pause = min(pause * 1.5, 0.2)
        self.kill9()
        raise LocalError(f"{self.name} did not answer within {seconds:.0f} s; see {self.log_path}")

    def _log_tail(self, lines: int = 5) -> str:
        try:
            text = self.log_path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-lines:])


def private_opener(path: str, flags: int) -> int:
    """Open a file for its owner's eyes only; what an earlier release left open to others is closed to them."""
    descriptor = os.open(path, flags, 0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor


def private_folder(path: Path) -> None:
    """Make a folder that only its owner may enter, or close to others what an earlier release left open to them."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.chmod(0o700)


def kept_secret(path: Path) -> str:
    """Return the password kept in this file, made at the first call and readable by its owner only."""
    if path.exists():
        kept = path.read_text(encoding="ascii").strip()
        if kept:
            return kept
    password = secrets.token_hex(24)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(password + "\n")
    return password
