"""An uploaded file as name and bytes."""

from __future__ import annotations

import re
import unicodedata

from werkzeug.datastructures import FileStorage

LONGEST_NAME = 120


def upload_of(upload: FileStorage) -> tuple[str, bytes]:
    """Return the file's name, fit to be shown, and its bytes; the size was limited while it was received."""
    name = re.split(r"[\\/]", upload.filename or "")[-1]
    printable = "".join(char for char in unicodedata.normalize("NFC", name) if unicodedata.category(char)[0] != "C")
    return printable.strip()[:LONGEST_NAME] or "roster", upload.stream.read()
