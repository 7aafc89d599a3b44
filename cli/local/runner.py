"""The whole system on one machine: data servers, migrations, every process, demo data; and its end without a trace."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from cli.local import lock, readiness, subprocess_step
from cli.local.config import ROOT, environment
from cli.local.errors import LocalError
from cli.local.ports import LOOPBACK, is_free
from cli.local.programs import MODULE, command
from cli.local.schemas import has_accounts, outdated, prepare_roles
from cli.local.server import kept_secret, private_folder
from cli.local.servers import DataServers
from cli.local.supervisor import Supervisor, end_leftovers
from libs.contracts.services import LISTENING, SERVICES, Service

SIGNALS = {
    # Asked with SIGTERM, a worker first finishes its task, which may take half an hour; with SIGQUIT it puts the task back. That
    # needs Redis, and when the runner is gone, Redis is too: then the task, never acknowledged, is handed out again.
    "worker": {"stop_signal": signal.SIGQUIT, "death_signal": signal.SIGKILL}
}
# Of the caller's environment the processes get these; everything that configures RGMS is handed over by name.
INHERITED = ("PATH", "HOME", "USER", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")


MEGABYTE = 1024 * 1024
LEAST_DISK = 300 * MEGABYTE
"""Below this PostgreSQL cannot even make a new database, and stops in the middle of something else."""


class Stopped(Exception):
    """The house was told to stop while it was still starting."""


class LocalStack:
    """Every process of RGMS in one data directory.

    All children belong to one thread of the house, which lives from `start` to `stop`: on Linux they die with it, and so with
    this process, however it ends.
    """

    def __init__(
        self,
        data_dir: Path | str,
        port: int = 8000,
        demo: bool = False,
        database_url: str | None = None,
        redis_url: str | None = None,
        env: Mapping[str, str] | None = None,
        *,
        only: Iterable[str] | None = None,
        durable: bool = True,
        say: Callable[[str], None] = lambda _line: None,
    ) -> None:
        """Describe the house without starting it.

        Args:
            data_dir: everything it keeps: databases, logs, uploads, its secret.
            port: the port of the gateway; the services take the next ones.
            demo: whether to load demo data once.
            database_url: a PostgreSQL to use instead of a packaged one; the same for `redis_url`.
            env: the variables of RGMS for the processes (SMTP_HOST, BCRYPT_COST ...); addresses and folders are set by the house.
            only: names of the processes to run; all by default.
            durable: False for tests, see LocalServer.
            say: receives a line of text per step.
        """
        self.data_dir = Path(data_dir).absolute()
        self.port = port
        self.demo = demo
        self.say = say
        self.services = [service for service in SERVICES if only is None or service.name in set(only)]
        self.servers = DataServers(self.data_dir, database_url, redis_url, durable=durable, say=say)
        self._extra = dict(env or {})
        self._supervisor: Supervisor | None = None
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._started = threading.Event()
        self._ended = threading.Event()
        self._error: BaseException | None = None
        self.demo_loaded = False
        """Whether the demo data, and so the demo logins, are in this database; known once it has started."""
        self.has_accounts = False
        """Whether anybody can sign in; known once it has started."""

    @property
    def url(self) -> str:
        """The address of the gateway, where a browser goes."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def logs(self) -> Path:
        """The folder with one log file per process."""
        return self.data_dir / "logs"

    @property
    def mailbox(self) -> Path:
        """The folder in which e-mails land when no mail server is configured."""
        return self.data_dir / "outbox"

    @property
    def mail_stays_here(self) -> bool:
        """Whether e-mails are written to that folder."""
        values = self.environment()
        return values.get("MAIL", "").lower() == "folder" or not values.get("SMTP_HOST")

    def start(self) -> str:
        """Start everything and return the address once every process is ready.

        Raises:
            LocalError: saying what is in the way; whatever was started is stopped again.
        """
        if self._thread is not None:
            raise LocalError("RGMS is already running.")
        self._stopping.clear()
        self._started.clear()
        self._ended.clear()
        self._error = None
        self._thread = threading.Thread(target=self._live, name="house")
        self._thread.start()
        self._started.wait()
        if (failure := self._failure()) is not None:
            self._thread.join()
            self._thread = None
            raise failure
        return self.url

    def stop(self) -> None:
        """Stop everything, services first, and leave no process behind."""
        if self._thread is not None:
            self._stopping.set()
            # Not a bare join: interrupted by an exception once, it takes a living thread for an ended one (Python before 3.13).
            self._ended.wait()
            self._thread.join()
            self._thread = None

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the house ends by itself (it never should); return whether it did, and raise what ended it."""
        if self._thread is None:
            return True
        ended = self._ended.wait(seconds)
        if ended and (failure := self._failure()) is not None:
            raise failure
        return ended

    def pid(self, name: str) -> int | None:
        """Return the process id of a service, of "postgres" or of "redis", None while it is down."""
        if name in {"postgres", "redis"}:
            server = self.servers.ours.get(name)
            return server.pid if server else None
        child = self._supervisor.children[name] if self._supervisor else None
        process = child.process if child else None
        return process.pid if process is not None and process.poll() is None else None

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Send a signal to a process and to all it started; the house will start it again."""
        pid = self.pid(name)
        if pid is None:
            raise LocalError(f"{name} is not running.")
        os.killpg(pid, number)

    def environment(self) -> dict[str, str]:
        """Return the environment of the processes; also what a command needs to reach this running house."""
        inherited = {name: value for name, value in environment().items() if name in INHERITED}
        defaults = {
            "RGMS_ENV": "development",
            "RGMS_BIND": LOOPBACK,
            "SECRET_KEY": kept_secret(self.data_dir / "secret-key"),
        }
        given = {name: value for name, value in self._extra.items() if value.strip() and name != "PORT"}
        return (
            inherited
            | defaults
            | given
            | {
                "DATABASE_URL": self.servers.database_url,
                "REDIS_URL": self.servers.redis_url,
                "RGMS_PORT": str(self.port),
                "RGMS_DATA_DIR": str(self.data_dir),
                "RGMS_DEMO": "1" if self.demo else "0",
                "PYTHONPATH": str(ROOT),
                "PYTHONUNBUFFERED": "1",
            }
        )

    def _failure(self) -> BaseException | None:
        """Return what ended the thread of this stack, if anything has."""
        return self._error

    # What follows runs in the thread of this stack.

    def _live(self) -> None:
        with contextlib.ExitStack() as until:
            try:
                self._open(until)
                self._started.set()
                while not self._stopping.wait(0.1):
                    self._tend()
            except Stopped:
                pass
            except BaseException as error:
                self._error = error
            finally:
                self._close()
                self._started.set()
                self._ended.set()

    def _open(self, until: contextlib.ExitStack) -> None:
        if not self.data_dir.exists():
            # Private; when root makes it, PostgreSQL's own user must be able to pass through.
            self.data_dir.mkdir(parents=True, mode=0o711 if os.geteuid() == 0 else 0o700)
        lock.occupy(self.data_dir, until)
        self._check_disk()
        # What these hold concerns nobody else on the machine: links in e-mails, uploads, addresses in logs.
        for folder in (self.logs, self._pids, self.mailbox, self.data_dir / "files"):
            private_folder(folder)
        end_leftovers(self._pids, MODULE)
        self._check_ports()
        self.servers.start()
        self._continue()
        if behind := outdated(self.servers.database_url, ROOT):
            self._run("migrate", f"migrating the database: {', '.join(behind)}")
        self._prepare_roles()
        lock.announce(self.data_dir, self.environment(), until)
        self.say(f"starting {len(self.services)} processes")
        self._supervisor = Supervisor(self.logs, self._pids, self.environment(), ROOT, self.say)
        for service in self.services:
            self._supervisor.add(service.name, command(service), **SIGNALS.get(service.server, {}))
        ports = {service.name: self._port_of(service) for service in self.services if service in LISTENING}
        readiness.wait(self._supervisor, ports, keep=self._keep, logs=self.logs)
        self._continue()
        if self.demo:
            self._seed()
        self.has_accounts = bool(self.services) and has_accounts(self.servers.database_url)

    def _prepare_roles(self) -> None:
        values = self.environment()
        keys = values["SECRET_KEY"], values.get("SECRET_KEY_PREVIOUS", "")
        if one := next((who for who in prepare_roles(self.servers.database_url, *keys) if not who.separate), None):
            self.say(f"every service works under {one}")

    def _close(self) -> None:
        if self._supervisor is not None:
            self._supervisor.stop()
            self._supervisor = None
        self.servers.stop()

    @property
    def _pids(self) -> Path:
        return self.data_dir / "run"

    def _check_disk(self) -> None:
        free = shutil.disk_usage(self.data_dir).free
        if free < LEAST_DISK:
            raise LocalError(
                f"The disk of {self.data_dir} is full: {free // MEGABYTE} MB are left and {LEAST_DISK // MEGABYTE} MB are needed "
                "to start. Free some space, or choose a folder on another disk with RGMS_DATA_DIR."
            )

    def _check_ports(self) -> None:
        for service in self.services:
            if service in LISTENING and not is_free(self._port_of(service)):
                raise LocalError(
                    f"Port {self._port_of(service)}, wanted for {service.name}, is in use: free it, "
                    f"or choose eight other ports with RGMS_PORT={self.port + 1000}."
                )

    def _port_of(self, service: Service) -> int:
        return self.port + (service.port_offset or 0)

    def _tend(self) -> None:
        self.servers.tend()
        if self._supervisor is not None:
            self._supervisor.tend()

    def _continue(self) -> None:
        if self._stopping.is_set():
            raise Stopped

    def _seed(self) -> None:
        """Load the demo data once per database; the command itself may be run any number of times."""
        marker = self.data_dir / "demo-loaded"
        fingerprint = hashlib.sha256(self.servers.database_url.encode()).hexdigest()
        if marker.exists() and marker.read_text(encoding="ascii") == fingerprint:
            self.demo_loaded = True
            return
        # Accounts whose password everybody knows have no place among real ones. Our own database may hold half of an earlier try.
        if not self.servers.owns_database and has_accounts(self.servers.database_url):
            self.say("demo data left out: this database already has accounts; ./rgms seed loads it nevertheless")
            return
        self._run("seed", "loading demo data")
        marker.write_text(fingerprint, encoding="ascii")
        self.demo_loaded = True

    def _run(self, name: str, text: str) -> None:
        """Run one `rgms` command to its end, or until the house is told to stop."""
        subprocess_step.run(
            text,
            [sys.executable, "-m", "cli.main", name],
            directory=ROOT,
            environment=self.environment(),
            log=self.logs / f"{name}.log",
            say=self.say,
            patience=self._keep,
        )
        self._continue()

    def _keep(self) -> bool:
        """Look after the children during a long step; False when the house is to stop."""
        if self._supervisor is not None:
            self._tend()
        return not self._stopping.is_set()
