"""A real PgBouncer in transaction mode before a PostgreSQL, with the settings it has when nobody loosened them for us."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import psycopg2
from sqlalchemy import make_url

from cli.local.child import account_for
from cli.local.errors import LocalError
from cli.local.ports import LOOPBACK, settled_port
from cli.local.server import LocalServer

# Fewer than the connections of one service: a transaction that kept one beyond its end would be noticed.
POOL_SIZE = 8


class LocalPooler(LocalServer):
    """PgBouncer on 127.0.0.1 for every database and role of one server.

    Args:
        data_dir: where it keeps its settings, port and log.
        program: the path of PgBouncer.
        server_url: the PostgreSQL behind it, under a role that may read the passwords of the others.
    """

    name = "pgbouncer"

    def __init__(self, data_dir: Path | str, program: str, server_url: str) -> None:
        super().__init__(data_dir)
        self._program = program
        self._server = make_url(server_url)

    @property
    def url(self) -> str:
        """The address of the server's database through the pooler."""
        return self._server.set(host=LOOPBACK, port=self.port).render_as_string(hide_password=False)

    def start(self) -> str:
        """Start PgBouncer and return the address through it.

        Raises:
            LocalError: it does not start.
        """
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self.port = settled_port(self.data_dir / "port", self.port)
        # It refuses to run as root.
        account = account_for(self.data_dir, reads=Path(self._program))
        if account is not None:
            os.chown(self.data_dir, account.uid, account.gid)
        files = {
            "userlist.txt": f'"{self._server.username}" "{self._server.password}"\n',
            "pgbouncer.ini": "\n".join(("[databases]", self._databases(), "[pgbouncer]", *self._settings())) + "\n",
        }
        for name, content in files.items():
            path = self.data_dir / name
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                file.write(content)
            if account is not None:
                os.chown(path, account.uid, account.gid)
        command = [self._program, str(self.data_dir / "pgbouncer.ini")]
        self._spawn(command, environment={"PATH": "/usr/bin:/bin", "LC_ALL": "C"}, account=account)
        if not self._wait_until_it_answers():
            raise LocalError(f"PgBouncer did not start; {self.log_path} ends with:\n{self._log_tail()}")
        return self.url

    def _databases(self) -> str:
        return f"* = host={self._server.host} port={self._server.port}"

    def _settings(self) -> list[str]:
        settings = {
            "listen_addr": LOOPBACK,
            "listen_port": self.port,
            "unix_socket_dir": "",
            "pool_mode": "transaction",
            "default_pool_size": POOL_SIZE,
            "max_client_conn": 1000,
            "auth_type": "scram-sha-256",
            "auth_file": self.data_dir / "userlist.txt",
            # It asks the server about roles that are made while it runs.
            "auth_user": self._server.username,
            "admin_users": self._server.username,
        }
        if self._version() >= (1, 21):
            settings["max_prepared_statements"] = 0
        return [f"{name} = {value}" for name, value in settings.items()]

    def _version(self) -> tuple[int, int]:
        shown = subprocess.run([self._program, "--version"], check=True, capture_output=True, text=True).stdout
        found = re.search(r"(\d+)\.(\d+)", shown)
        return (int(found[1]), int(found[2])) if found else (0, 0)

    def _answers(self) -> bool:
        try:
            psycopg2.connect(self.url, connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True
