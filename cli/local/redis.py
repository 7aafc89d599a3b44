"""A real Redis as one child process: whatever speaks Redis and is the newest, see `redis_binary`."""

import os

import redis

from cli.local.errors import LocalError
from cli.local.ports import LOOPBACK, settled_port
from cli.local.redis_binary import name_of, redis_server
from cli.local.server import LocalServer, kept_secret, private_folder

# Kept across restarts: every write goes to the append-only file before it is answered, and to the disk within a second.
DURABLE = ("appendonly yes", "appendfsync everysec", "aof-load-truncated yes", 'save ""')
NOT_DURABLE = ("appendonly yes", "appendfsync no", 'save ""')


class LocalRedis(LocalServer):
    """Redis on 127.0.0.1 with a directory, a password and a port of its own; what it acknowledged survives its death."""

    name = "redis"
    program_name = ""
    """What runs, with its version, once it does."""

    @property
    def url(self) -> str:
        """The address as redis-py and Celery read it."""
        return f"redis://:{kept_secret(self.data_dir / 'password')}@{LOOPBACK}:{self.port}/0"

    def start(self) -> str:
        """Start the server and return its URL once it has loaded its data and answers.

        Raises:
            LocalError: no Redis for this machine, the port asked for is in use, or Redis does not start.
        """
        if self.running:
            return self.url
        program = redis_server()
        self.program_name = name_of(program)
        private_folder(self.data_dir)
        self.port = settled_port(self.data_dir / "port", self.port)
        self._launch(program)
        if not self._wait_until_it_answers():
            raise LocalError(f"Redis did not start; {self.log_path} ends with:\n{self._log_tail()}")
        return self.url

    def _launch(self, program: str) -> None:
        # The settings go through a file, as a password on the command line could be read by every user of the machine.
        settings = [
            f"bind {LOOPBACK}",
            f"port {self.port}",
            f"requirepass {kept_secret(self.data_dir / 'password')}",
            f'dir "{self.data_dir}"',
            "daemonize no",
            "databases 4",
            "tcp-keepalive 60",
            "maxmemory-policy noeviction",  # Celery's queues live here: nothing may be dropped to make room
            "stop-writes-on-bgsave-error no",
            *(DURABLE if self.durable else NOT_DURABLE),
        ]
        path = self.data_dir / "redis.conf"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write("\n".join(settings) + "\n")
        self._spawn([program, str(path)], environment={"PATH": "/usr/bin:/bin", "LC_ALL": "C"})

    def _answers(self) -> bool:
        client = redis.Redis.from_url(self.url, socket_connect_timeout=2, socket_timeout=2, retry=None)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()
