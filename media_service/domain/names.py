"""A file's name as we keep and hand it out: no path, no control or direction characters, no reserved name."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

MAX_LENGTH = 120
FALLBACK = "file"
_UNSAFE = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.I)


def clean_name(raw: str | None) -> str:
    """Return `raw` as a plain file name of at most 120 characters that is safe on every system; never empty."""
    text = (raw or "").replace("\\", "/").rsplit("/", 1)[-1]
    # Cf holds the direction overrides that make exe.pdf out of fdp.exe; Cs has no UTF-8 form.
    text = "".join(char for char in text if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
    # Composed after the removal, which may have brought a letter and its accent together.
    text = unicodedata.normalize("NFC", text)
    text = re.sub(r"\s+", " ", _UNSAFE.sub("_", text)).strip(" .")
    if _RESERVED.match(text):
        text = f"_{text}"
    return _shortened(text) or FALLBACK


def _shortened(text: str) -> str:
    if len(text) <= MAX_LENGTH:
        return text
    stem, dot, extension = text.rpartition(".")
    if not dot or len(extension) > 10:
        return text[:MAX_LENGTH].rstrip(" .")
    return stem[: MAX_LENGTH - len(extension) - 1].rstrip(" .") + dot + extension


def extension_of(name: str) -> str:
    """Return the lower-case extension without its dot, or an empty string."""
    _stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot else ""


def content_disposition(name: str) -> str:
    """Return the header that makes a browser save the file under `name` (RFC 6266, with the UTF-8 form of RFC 5987)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().replace("\\", "_").replace('"', "_")
    return f"attachment; filename=\"{plain or FALLBACK}\"; filename*=UTF-8''{quote(name, safe='')}"
