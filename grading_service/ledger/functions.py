"""The database functions of the ledger: their current text is in `sql/`, one file each, and a migration applies it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

FOLDER = Path(__file__).parent / "sql"
NAMES = tuple(sorted(file.stem for file in FOLDER.glob("*.sql")))


def apply(connection: Connection, *names: str) -> None:
    """Make or replace these functions by their current text.

    A migration that came before a column may run with the text that reads it, on an empty database: bodies are not checked here.
    """
    connection.exec_driver_sql("SET LOCAL check_function_bodies = off")
    for name in names:
        connection.exec_driver_sql((FOLDER / f"{name}.sql").read_text("utf-8"))
