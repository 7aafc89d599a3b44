"""The database functions of the ledger: their current text is in `sql/`, one file each, and a migration applies it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Connection

FOLDER = Path(__file__).parent / "sql"
NAMES = tuple(sorted(file.stem for file in FOLDER.glob("*.sql")))


def text_of(name: str) -> str:
    """Return the current text of a function."""
    return (FOLDER / f"{name}.sql").read_text("utf-8")


def digest_of(name: str) -> str:
    """Return what a migration that applies the current text of a function writes beside its name."""
    return hashlib.sha256(text_of(name).encode()).hexdigest()[:16]


def apply(connection: Connection, names: Iterable[str]) -> None:
    """Make or replace these functions by their current text.

    On an empty database a migration of the past runs with the text of today, maybe before a column that it reads: bodies are not
    checked here.
    """
    connection.exec_driver_sql("SET LOCAL check_function_bodies = off")
    for name in names:
        connection.exec_driver_sql(text_of(name))
