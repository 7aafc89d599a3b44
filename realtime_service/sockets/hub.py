"""Who is connected to this process, and on which channels: a frame in, the same bytes out to every connection there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from realtime_service.sockets.connection import Connection
from realtime_service.sockets.protocol import CLOSE_RESTART, CLOSE_UNAUTHENTICATED


class Hub:
    """The connections of one process. Nothing here waits, so nothing can slip in between."""

    def __init__(self, *, max_connections: int, max_per_user: int) -> None:
        self._max_connections = max_connections
        self._max_per_user = max_per_user
        self._members: dict[str, dict[Connection, None]] = {}
        self._per_user: Counter[int] = Counter()
        self._draining = False
        self.connections: dict[Connection, None] = {}
        self.delivered = 0

    def refusal(self, user_id: int) -> str:
        """Return why one more connection of this user is refused, or an empty string."""
        if self._draining:
            return "restarting"
        if len(self.connections) >= self._max_connections:
            return "server_full"
        return "too_many_connections" if self._per_user[user_id] >= self._max_per_user else ""

    def join(self, connection: Connection, channels: Collection[str]) -> None:
        """Subscribe `connection` to exactly `channels`, whatever it was subscribed to before."""
        if connection not in self.connections:
            self.connections[connection] = None
            self._per_user[connection.principal.user_id] += 1
        else:
            self._leave_channels(connection)
        connection.channels = frozenset(channels)
        for channel in connection.channels:
            self._members.setdefault(channel, {})[connection] = None

    def leave(self, connection: Connection) -> None:
        """Remove `connection` from every channel (criterion 12.4); a second time does nothing."""
        if connection not in self.connections:
            return
        del self.connections[connection]
        user_id = connection.principal.user_id
        self._per_user[user_id] -= 1
        if self._per_user[user_id] <= 0:
            del self._per_user[user_id]
        self._leave_channels(connection)

    def _leave_channels(self, connection: Connection) -> None:
        for channel in connection.channels:
            members = self._members.get(channel, {})
            members.pop(connection, None)
            if not members:
                self._members.pop(channel, None)

    def has(self, channel: str) -> bool:
        """Return whether anybody here listens to `channel`."""
        return channel in self._members

    def publish(self, frames: Iterable[tuple[str, bytes]]) -> None:
        """Send each frame to the connections of its channel, in order; all that one connection gets goes out in one write."""
        frames = list(frames)
        if len(frames) == 1:
            channel, frame = frames[0]
            self._send_to(list(self._members.get(channel, ())), frame)
            return
        waiting: dict[Connection, list[int]] = {}
        for number, (channel, _) in enumerate(frames):
            for connection in self._members.get(channel, ()):
                waiting.setdefault(connection, []).append(number)
        # Most connections get the same frames: joined once, and shared by whoever must wait for them.
        joined: dict[tuple[int, ...], bytes] = {}
        for connection, numbers in waiting.items():
            key = tuple(numbers)
            if key not in joined:
                joined[key] = b"".join(frames[number][1] for number in numbers)
            self.delivered += len(key)
            connection.send(joined[key])

    def broadcast(self, frame: bytes) -> None:
        """Send `frame` to every connection."""
        self._send_to(list(self.connections), frame)

    def _send_to(self, connections: list[Connection], frame: bytes) -> None:
        self.delivered += len(connections)
        for connection in connections:
            connection.send(frame)

    def close_channel(self, channel: str, reason: str) -> None:
        """Close every connection of `channel`: its sign-in session was revoked."""
        for connection in list(self._members.get(channel, ())):
            connection.close(CLOSE_UNAUTHENTICATED, reason)

    def drain(self) -> None:
        """Ask every client to come back to another process, and take no new ones."""
        self._draining = True
        for connection in list(self.connections):
            connection.close(CLOSE_RESTART, "restarting")
