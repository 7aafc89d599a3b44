"""What makes a password acceptable, and how stored hashes are tagged.

Two schemes are known. ``bcrypt_sha256`` is ours: the password is hashed with SHA-256 and base64 before bcrypt sees it,
so no password is cut at bcrypt's 72 bytes and none can smuggle a NUL byte in. ``bcrypt`` tags hashes taken over from
the legacy system, which are plain bcrypt over the raw password (criterion 27.2: verified as what they are, because a
wrong tag would lock every migrated user out) and live until their owner's next sign-in.
"""

import base64
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from auth_service.domain.common_passwords import COMMON

SHA256_SCHEME = "bcrypt_sha256"
LEGACY_SCHEME = "bcrypt"

MIN_LENGTH = 10
MAX_LENGTH = 256
BCRYPT_MAX_BYTES = 72
LEGACY_MAX_COST = 14
"""A stored cost above this is a forged or broken row: verifying it would hold a hashing thread for minutes."""

_LEGACY_HASH = re.compile(r"\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}")


@dataclass(frozen=True)
class StoredHash:
    """A stored password, taken apart: the scheme's name and the bcrypt string it verifies against."""

    scheme: str
    digest: str


def problems(password: str, *, username: str) -> list[str]:
    """Return why the password must not be used, in words for its owner; an empty list means it may be."""
    found = []
    folded = password.casefold()
    if len(password) < MIN_LENGTH:
        found.append(f"Use at least {MIN_LENGTH} characters.")
    if len(password) > MAX_LENGTH:
        found.append(f"Use at most {MAX_LENGTH} characters.")
    if folded in COMMON or (password and len(set(folded)) <= 2) or _is_a_run(folded):
        found.append("This password is among the first that anyone would try.")
    if username and folded == username.casefold():
        found.append("The password must differ from the username.")
    return found


def _is_a_run(text: str) -> bool:
    """Tell whether the text only counts up or down, as 23456789 or zyxwvuts do."""
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return len(text) > 1 and (steps == {1} or steps == {-1})


def bcrypt_input(password: str) -> bytes:
    """Return the 44 bytes that bcrypt hashes for this password under ``bcrypt_sha256``.

    Unicode is composed first (NFC): the same ñ typed on a phone and on a desktop must be the same password.
    """
    raw = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    return base64.b64encode(hashlib.sha256(raw).digest())


def legacy_bcrypt_input(password: str) -> bytes:
    """Return the bytes that the legacy system hashed: the raw password, of which bcrypt only ever read 72 bytes."""
    return password.encode("utf-8", "surrogatepass")[:BCRYPT_MAX_BYTES]


def tag(digest: str) -> str:
    """Return the stored form of a bcrypt string made from :func:`bcrypt_input`."""
    return f"{SHA256_SCHEME}${digest}"


def tag_legacy(digest: str) -> str:
    """Return the stored form of a hash taken over from the legacy system, whatever is wrong with it."""
    return f"{LEGACY_SCHEME}${digest}"


def parse(stored: str | None) -> StoredHash | None:
    """Take a stored password apart; ``None`` when nothing can ever verify against it.

    The dummy hashes that the legacy importer wrote look like bcrypt but are not: they must neither verify nor crash.
    """
    scheme, _, digest = (stored or "").partition("$")
    shape = _LEGACY_HASH.fullmatch(digest)
    if scheme not in {SHA256_SCHEME, LEGACY_SCHEME} or shape is None:
        return None
    if not 4 <= int(shape.group(1)) <= (LEGACY_MAX_COST if scheme == LEGACY_SCHEME else 31):
        return None
    return StoredHash(scheme, digest)


def needs_upgrade(stored: str, *, cost: int) -> bool:
    """Tell whether a hash that just verified should be replaced: legacy scheme, or cheaper than today's cost."""
    parsed = parse(stored)
    return parsed is None or parsed.scheme != SHA256_SCHEME or int(parsed.digest[4:6]) < cost
