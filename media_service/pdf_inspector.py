"""Reads one PDF from standard input as a program that opens it would, and says by its exit code whether anything in it acts.

A process of its own, for what it reads is made by strangers: it may take neither more memory nor more time than it is given, and
takes nobody along when it dies. `media_service.adapters.pdf_inspection` starts it.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterator
from typing import Any

import pikepdf

HARMLESS, ACTIVE, UNREADABLE = 0, 10, 11
MEMORY = 512 * 1024 * 1024
SECONDS = 4
MOST_OBJECTS = 200_000
# Programs nest by a few; a parser that follows a thousand ends on its stack.
_DEEPEST = 60
_KEYS = frozenset({"/JS", "/JavaScript", "/EmbeddedFile", "/EmbeddedFiles", "/RichMedia", "/RichMediaContent", "/XFA", "/Launch"})
# What a dictionary is or does: /S of an action, /Type and /Subtype of a thing.
_KINDS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/EmbeddedFile", "/RichMedia", "/GoToE"})


def verdict_of(pdf: pikepdf.Pdf) -> int:
    """Return HARMLESS, ACTIVE or UNREADABLE for an open PDF."""
    if len(pdf.objects) > MOST_OBJECTS:
        return UNREADABLE
    for found in (pdf.trailer, *pdf.objects):
        for node in _dictionaries(found):
            if _KEYS.intersection(node.keys()) or any(str(node.get(name, "")) in _KINDS for name in ("/S", "/Type", "/Subtype")):
                return ACTIVE
    return HARMLESS


def _dictionaries(found: Any) -> Iterator[Any]:
    """Yield the dictionaries of one object, those written inside it included; what it refers to is an object of its own."""
    waiting = [(found, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > _DEEPEST:
            raise ValueError("nested beyond reason")
        if isinstance(node, (pikepdf.Dictionary, pikepdf.Stream)):
            yield node
            inside = [value for _, value in node.items()]
        elif isinstance(node, pikepdf.Array):
            inside = list(node)
        else:
            continue
        waiting += [(value, depth + 1) for value in inside if not getattr(value, "is_indirect", False)]


def main() -> int:
    """Judge the PDF on standard input."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        with open(0, "rb", closefd=False) as given, pikepdf.open(given) as pdf:
            return verdict_of(pdf)
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, RuntimeError, MemoryError, OSError, TypeError, AttributeError):
        return UNREADABLE


if __name__ == "__main__":
    sys.exit(main())
