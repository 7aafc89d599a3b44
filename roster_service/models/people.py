"""What the tables of people share."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Computed, Date, DateTime, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

SCHEMA = "roster"


def folded(expression: str) -> str:
    """Return SQL that lower-cases `expression` and drops diacritics, out of immutable functions only.

    A generated column cannot use the unaccent extension, and need not: composed letters are taken apart and their marks
    dropped, the same as `domain.names.search_words` does for a search word.
    """
    return rf"lower(regexp_replace(normalize({expression}, NFKD), '[\u0300-\u036f]', '', 'g'))"


NAME_SQL = folded("last_name || ' ' || first_name || ' ' || coalesce(middle_name, '') || ' ' || coalesce(suffix_name, '')")


class PersonMixin:
    """Names and address of a person, and what every record of one carries.

    `version` counts the changes and is the record's ETag. `sort_name` is what lists sort by.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    rank: Mapped[str | None] = mapped_column(Text)
    first_name: Mapped[str] = mapped_column(Text)
    middle_name: Mapped[str | None] = mapped_column(Text)
    last_name: Mapped[str] = mapped_column(Text)
    suffix_name: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    contact_number: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text)
    gender: Mapped[str | None] = mapped_column(Text)
    birthdate: Mapped[date | None] = mapped_column(Date)
    is_profile_completed: Mapped[bool] = mapped_column(server_default=text("false"))
    has_seen_guide: Mapped[bool] = mapped_column(server_default=text("false"))
    is_archived: Mapped[bool] = mapped_column(server_default=text("false"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    sort_name: Mapped[str] = mapped_column(Text, Computed(NAME_SQL, persisted=True))
