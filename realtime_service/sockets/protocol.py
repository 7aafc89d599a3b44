"""The frames between server and client: what they look like, what a client may send, and how one becomes bytes.

Pure. Every message to a client is {"type", "data", "timestamp"} (criterion 26.1) and, when it belongs to the event
stream, "position". See docs/realtime-protocol.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from libs.web.jsonio import dumps, loads

READY, RECOVERED, RESET = "connection.ready", "connection.recovered", "connection.reset"
AUTHENTICATED, PONG, ERROR = "connection.authenticated", "pong", "error"
PING, REPLAY, AUTHENTICATE = "ping", "replay", "authenticate"

CLOSE_NORMAL, CLOSE_PROTOCOL, CLOSE_ABNORMAL, CLOSE_POLICY, CLOSE_TOO_BIG = 1000, 1002, 1006, 1008, 1009
CLOSE_RESTART, CLOSE_TRY_LATER, CLOSE_UNAUTHENTICATED = 1012, 1013, 4401

# The largest message taken from a client and the largest sent to one, in bytes. Under 64 kB a slow reader's frame
# stays in one piece through every proxy and library we met.
MAX_IN, MAX_OUT = 4096, 60_000

_TEXT, _CLOSE, _PING, _PONG = 0x81, 0x88, 0x89, 0x8A
_FIELDS = {"type", "data", "timestamp"}
_REQUIRED = {PING: None, REPLAY: "position", AUTHENTICATE: "token"}

PING_FRAME = bytes((_PING, 0))


class Malformed(Exception):
    """A client's message that breaks the protocol; `code` and `message` go back in an error frame."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class ClientMessage:
    """A well-formed message of a client: its type, and the one value that type needs."""

    type: str
    value: str = ""


def parse(raw: str | bytes) -> ClientMessage:
    """Return the message in one text frame of a client (criteria 12.5, 26.3).

    Raises:
        Malformed: not a JSON object of the known fields, an unknown type, or a missing value.
    """
    if len(raw) > MAX_IN:
        raise Malformed("message_too_big", f"A message may have {MAX_IN} bytes.")
    try:
        body = loads(raw)
    except ValueError:
        raise Malformed("malformed_json", "The message is not JSON.") from None
    if not isinstance(body, dict) or not isinstance(body.get("type"), str):
        raise Malformed("malformed_message", 'A message is an object with a "type".')
    if unknown := sorted(set(body) - _FIELDS):
        raise Malformed("malformed_message", f"Unknown fields: {', '.join(unknown)[:100]}.")
    kind, data = body["type"], body.get("data")
    if kind not in _REQUIRED:
        raise Malformed("unknown_type", f"Known types: {', '.join(_REQUIRED)}.")
    if data is not None and not isinstance(data, dict):
        raise Malformed("malformed_message", '"data" must be an object.')
    name = _REQUIRED[kind]
    if name is None:
        return ClientMessage(kind)
    value = (data or {}).get(name)
    if not isinstance(value, str) or not value:
        raise Malformed("malformed_message", f'"{kind}" needs "data.{name}".')
    return ClientMessage(kind, value)


def instant(moment: datetime) -> str:
    """Return `moment` as every timestamp of the protocol is written: ISO 8601 in UTC with a Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def message(kind: str, data: Mapping[str, Any], *, timestamp: str, position: str | None = None) -> bytes:
    """Return the JSON of one message to a client."""
    body: dict[str, Any] = {"type": kind, "data": data, "timestamp": timestamp}
    if position is not None:
        body["position"] = position
    return dumps(body)


def event_messages(event: Mapping[str, Any], data: Mapping[str, Any], *, position: str, previous: str) -> list[bytes]:
    """Return the messages that carry `data` of `event`, each under the size limit.

    A list too long for one message is spread over several. All but the last carry the position before the event, so that
    a client cut off between two of them is given the whole event again. What cannot be spread becomes an order to reload.
    """
    whole = message(event["type"], data, timestamp=event["occurred_at"], position=position)
    if len(whole) <= MAX_OUT:
        return [whole]
    key = next((name for name, value in data.items() if isinstance(value, list) and len(value) > 1), None)
    if key is None:
        reset = {"reason": "event_too_large", "type": event["type"], "position": position}
        return [message(RESET, reset, timestamp=event["occurred_at"], position=position)]
    middle = len(data[key]) // 2
    first, second = {**data, key: data[key][:middle]}, {**data, key: data[key][middle:]}
    return [
        *event_messages(event, first, position=previous, previous=previous),
        *event_messages(event, second, position=position, previous=previous),
    ]


def text_frame(payload: bytes) -> bytes:
    """Return `payload` as one unmasked, uncompressed WebSocket text frame."""
    return _header(_TEXT, len(payload)) + payload


def pong_frame(payload: bytes) -> bytes:
    """Return the answer to a client's protocol ping."""
    return _header(_PONG, len(payload)) + payload


def close_frame(code: int, reason: str = "") -> bytes:
    """Return a close frame; the reason is cut to the 123 bytes a control frame holds."""
    payload = code.to_bytes(2, "big") + reason.encode()[:123]
    return _header(_CLOSE, len(payload)) + payload


def _header(opcode: int, length: int) -> bytes:
    if length < 126:
        return bytes((opcode, length))
    if length < 65_536:
        return bytes((opcode, 126)) + length.to_bytes(2, "big")
    return bytes((opcode, 127)) + length.to_bytes(8, "big")
