"""Identifiers: time-ordered UUIDs for facts, random tokens for secrets."""

from __future__ import annotations

import os
import secrets
import time
import uuid


def uuid7() -> uuid.UUID:
    """Return a UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then random bits."""
    raw = bytearray(int(time.time() * 1000).to_bytes(6, "big") + os.urandom(10))
    raw[6] = 0x70 | (raw[6] & 0x0F)
    raw[8] = 0x80 | (raw[8] & 0x3F)
    return uuid.UUID(bytes=bytes(raw))


def new_token(nbytes: int = 32) -> str:
    """Return an unguessable URL-safe token of `nbytes` random bytes."""
    return secrets.token_urlsafe(nbytes)
