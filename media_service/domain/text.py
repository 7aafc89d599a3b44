"""Whether bytes are plain text that no program would take for a page or a script."""

from __future__ import annotations

from collections.abc import Iterable

_MARKUP = ("<!doctype", "<html", "<?xml", "<svg", "<script", "<head", "<body", "<iframe", "<?php")
_SCRIPT = ("#!", "@echo off")


def refusal_of(chunks: Iterable[str]) -> str:
    """Return why the decoded text in `chunks` is refused, or an empty string."""
    tail, first = "", True
    for chunk in chunks:
        if "\x00" in chunk:
            return "The file holds binary data."
        piece = (tail + chunk).lower()
        if first and piece.lstrip("\ufeff \t\r\n").startswith(_SCRIPT):
            return "Scripts and programs are not accepted."
        # A marker may lie across two chunks, so the end of one is read again with the next.
        if any(marker in piece for marker in _MARKUP):
            return "Web pages, drawings and scripts are not accepted."
        tail, first = piece[-16:], False
    return ""
