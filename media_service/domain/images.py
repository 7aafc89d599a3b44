"""Width and height of a PNG, JPEG or WebP from its header alone; nothing is decoded, so an image bomb costs nothing."""

from __future__ import annotations

import struct
from typing import IO

MAX_SIDE = 12_000
MAX_PIXELS = 40_000_000
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# A JPEG may carry a few large metadata segments before its frame; more than this is not a photograph.
_JPEG_SEGMENTS = 400


def dimensions(content_type: str, stream: IO[bytes]) -> tuple[int, int] | None:
    """Return (width, height) in pixels of the image in `stream`, or None when its header is broken."""
    stream.seek(0)
    reader = {"image/png": _png, "image/jpeg": _jpeg, "image/webp": _webp}[content_type]
    try:
        size = reader(stream)
    except (struct.error, IndexError):
        return None
    return size if size and size[0] > 0 and size[1] > 0 else None


def too_large(width: int, height: int) -> bool:
    """Return whether decoding such an image could exhaust a phone or a server."""
    return width > MAX_SIDE or height > MAX_SIDE or width * height > MAX_PIXELS


def _png(stream: IO[bytes]) -> tuple[int, int] | None:
    head = stream.read(24)
    return struct.unpack(">II", head[16:24]) if head[:8] == b"\x89PNG\r\n\x1a\n" and head[12:16] == b"IHDR" else None


def _jpeg(stream: IO[bytes]) -> tuple[int, int] | None:
    if stream.read(2) != b"\xff\xd8":
        return None
    for _segment in range(_JPEG_SEGMENTS):
        marker = stream.read(2)
        while marker[1:] == b"\xff":
            marker = marker[1:] + stream.read(1)
        if marker[0] != 0xFF:
            return None
        if marker[1] in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", stream.read(7)[3:7])
            return width, height
        if marker[1] in {0x01, *range(0xD0, 0xD8)}:
            continue
        (length,) = struct.unpack(">H", stream.read(2))
        if length < 2 or marker[1] in {0xD9, 0xDA}:
            return None
        stream.seek(length - 2, 1)
    return None


def _webp(stream: IO[bytes]) -> tuple[int, int] | None:
    head = stream.read(30)
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return None
    form = head[12:16]
    if form == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if form == b"VP8L" and head[20] == 0x2F:
        (bits,) = struct.unpack("<I", head[21:25])
        return 1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF)
    if form == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", head[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None
