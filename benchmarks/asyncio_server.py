"""The plain asyncio WebSocket server that `benchmarks.fanout` measures beside: one Redis subscription, broadcast to all."""

from __future__ import annotations

import asyncio
import os

import redis.asyncio
from websockets.asyncio.server import broadcast, serve


async def main() -> None:
    """Serve until the process is ended."""
    connections = set()

    async def hold(connection) -> None:
        connections.add(connection)
        try:
            await connection.wait_closed()
        finally:
            connections.discard(connection)

    client = redis.asyncio.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=None)
    async with client.pubsub() as subscription, serve(hold, "127.0.0.1", int(os.environ["PORT"]), compression=None, backlog=2048):
        await subscription.subscribe("events")
        async for message in subscription.listen():
            if message["type"] == "message":
                broadcast(connections, message["data"].decode())


if __name__ == "__main__":
    asyncio.run(main())
