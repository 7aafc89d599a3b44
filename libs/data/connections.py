"""How the connections of one engine are made, kept and given up.

Everything here hangs on SQLAlchemy's own pool events, and nothing costs a request a round trip: the role is looked up once a
process, a connection that stays with us is asked for signs of death by one system call, and its limits travel with the role.
"""

from __future__ import annotations

import logging
import select
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg2
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError, DisconnectionError, InvalidatePoolError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from libs.config import Settings
from libs.data import roles
from libs.data.roles import Serving

# A network that forgets a silent connection says nothing; one that was used within this time is there.
UNSURE_AFTER_SECONDS = 30.0
# SET LOCAL in the message of a statement holds for that statement, in a transaction's first one for the whole transaction.
_LIMITS = "".join(f"SET LOCAL {name} = '{value}'; " for name, value in roles.LIMITS.items())

log = logging.getLogger(__name__)


def install(engine: Engine, settings: Settings) -> Reaper:
    """Attach everything of this module to `engine`; return the reaper, which starts with the process's background work."""
    entrance = Entrance(engine, settings)
    entrance.watch()
    reaper = Reaper(settings.db_pool_idle, entrance.look_again)
    reaper.watch(engine)
    _discard_dead(engine)
    return reaper


class Entrance:
    """Connects under the service's own role where there is one, else under that of DATABASE_URL with limits in each statement."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings
        self._role = roles.role_of(settings.database_url, settings.service)
        self._passwords = roles.passwords(self._role, settings.secret_key, settings.secret_key_previous)
        self._serving: Serving | None = None

    def watch(self) -> None:
        """Make the connections of the engine."""
        event.listen(self._engine, "do_connect", self._connect)

    def _connect(self, dialect: Any, _record: Any, arguments: list, named: dict) -> Any:
        if self._serving is None:
            self._serving = self._ask(dialect, arguments, named)
        if not self._serving.separate:
            return dialect.connect(*arguments, **named)
        *tries, last = [named | {"user": self._role, "password": password} for password in self._passwords]
        for one in tries:
            with suppress(psycopg2.OperationalError):
                return dialect.connect(*arguments, **one)
        try:
            return dialect.connect(*arguments, **last)
        except psycopg2.OperationalError:
            # The database may be a restored one without the role: ask again at the next try.
            self._serving = None
            raise

    def look_again(self) -> None:
        """Go over to the service's own role where `migrate` has made it since: a first deployment starts both at once."""
        if self._serving is None or self._serving.separate:
            return
        with self._engine.connect() as connection:
            answer = self._answer(connection.connection.dbapi_connection)
        if answer.separate:
            self._serving = answer
            log.info("the service's own database role serves", extra={"role": answer.role})
            # Connections in use end when they are given back.
            self._engine.dispose()

    def _ask(self, dialect: Any, arguments: list, named: dict) -> Serving:
        connection = dialect.connect(*arguments, **named)
        try:
            answer = self._answer(connection)
        finally:
            connection.close()
        if not answer.separate:
            log.warning("one database role serves", extra={"role": answer.role, "reason": answer.reason})
            # Only now, as they cost each statement some microseconds.
            if not event.contains(self._engine, "begin", self._begun):
                event.listen(self._engine, "begin", self._begun)
                event.listen(self._engine, "before_cursor_execute", self._limit, retval=True)
        return answer

    def _answer(self, connection: Any) -> Serving:
        with connection.cursor() as cursor:
            return roles.ask(cursor, self._settings.database_url, self._settings.service)

    def _begun(self, connection: Any) -> None:
        connection.info["limited"] = False

    def _limit(self, connection: Any, cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> tuple:
        """Send the limits with a statement where no role brings them: behind a pooler they hold in no other way."""
        if connection.info.get("limited") or (self._serving and self._serving.separate):
            return statement, parameters
        # In autocommit each statement is a transaction of its own.
        connection.info["limited"] = not cursor.connection.autocommit
        if many:
            cursor.execute(_LIMITS)
            return statement, parameters
        return _LIMITS + statement, parameters


class Reaper:
    """Closes connections that lie idle for too long, and lets nobody have one that died meanwhile.

    Args:
        idle_seconds: how long a connection may lie in the pool (DB_POOL_IDLE_SECONDS).
        chore: what else its thread does at each round.
    """

    def __init__(self, idle_seconds: float, chore: Callable[[], None] = lambda: None) -> None:
        self._chore = chore
        self._limit = idle_seconds
        self._idle: dict[Any, tuple[Any, float]] = {}
        # Held while a connection changes hands: it is either closed here or given out there.
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def watch(self, engine: Engine) -> None:
        """Follow the connections of `engine`."""
        event.listen(engine, "checkin", self._returned)
        event.listen(engine, "checkout", self._wanted)

    def start(self) -> None:
        """Close from a thread of this process."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="idle-connections", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        if self._thread:
            self._thread.join(timeout=5)

    def close_idle(self) -> int:
        """Close what has been idle for longer than the limit; return how many that were."""
        closed = 0
        before = time.monotonic() - self._limit
        with self._lock:
            for record in [record for record, (_, since) in self._idle.items() if since <= before]:
                connection, _ = self._idle.pop(record)
                if not connection.closed:
                    # Of the pool's own bookkeeping nothing is touched, for it may be giving this very one out: whoever gets a
                    # closed connection has it replaced.
                    connection.close()
                    closed += 1
        return closed

    def _run(self) -> None:
        pause = min(max(self._limit / 5, 0.1), 15.0)
        while not self._stop.wait(pause):
            try:
                self.close_idle()
                self._chore()
            except (DBAPIError, PoolTimeout):
                log.warning("the database is not answering")
            except Exception:
                log.exception("the pool could not be looked after")

    def _returned(self, connection: Any, record: Any) -> None:
        if connection is not None:
            with self._lock:
                self._idle[record] = connection, time.monotonic()

    def _wanted(self, connection: Any, record: Any, _proxy: Any) -> None:
        with self._lock:
            idle = self._idle.pop(record, None)
        if connection.closed:
            raise DisconnectionError
        if idle is None:
            return
        unsure = time.monotonic() - idle[1] > UNSURE_AFTER_SECONDS or _has_news(connection)
        if unsure and not _answers(connection):
            # Whatever ended this one has most likely ended all of them.
            raise InvalidatePoolError


def _has_news(connection: Any) -> bool:
    """Whether the server sent something that nobody asked for: its farewell, in all likelihood."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _answers(connection: Any) -> bool:
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        connection.autocommit = False
    except psycopg2.Error:
        return False
    return True


def _discard_dead(engine: Engine) -> None:
    """Empty the pool after a lost connection: those beside it are as dead."""

    @event.listens_for(engine, "handle_error")
    def invalidate(context: Any) -> None:
        if context.is_disconnect:
            context.invalidate_pool_on_disconnect = True
