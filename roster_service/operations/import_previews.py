"""Previews of roster imports: made from a file, mended by officers, thrown away by hand or after a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete

from libs.contracts.principal import Principal
from libs.data.db import affected, transaction
from libs.web.errors import Conflict, Invalid, RateLimited
from libs.web.etag import check_if_match
from libs.web.jsonio import dumps, written
from roster_service.access import lock_import
from roster_service.domain.imports.answers import choices_of
from roster_service.domain.imports.corrections import MOST_ROWS, Corrections, corrected, faults
from roster_service.domain.imports.layout import layout_of, warnings_of
from roster_service.domain.imports.plan import Decision, decide, summarise
from roster_service.domain.imports.reading import Reading, read_sheets
from roster_service.domain.imports.rows import judge
from roster_service.domain.imports.workbook import read_workbook
from roster_service.models import CadetImport, IdempotencyKey
from roster_service.operations.turns import own_turn, place_in_line
from roster_service.queries import cadets, imports, units

# What an officer who compares files by hand never needs, and a script reaches at once.
MOST_PREVIEWS = 20
PREVIEW_KEPT = timedelta(days=1)


def preview_import(*, principal: Principal, filename: str, data: bytes, now: datetime) -> dict[str, Any]:
    """Read a workbook and store what applying it would do, row by row; no cadet is touched.

    Args:
        filename: as uploaded, cleaned.
        data: the whole file.

    Raises:
        TooLarge, UnsupportedMedia, Invalid: it cannot be read, or no sheet has a header row.
        RateLimited: too many previews of this account wait already.
        UpstreamDown: too many files are being read.
    """
    if imports.count_previews(principal.user_id) >= MOST_PREVIEWS:
        raise RateLimited(
            f"{MOST_PREVIEWS} previews of yours wait to be applied. Nothing was kept of this file; "
            "apply or discard one of them, then send it again.",
            code="too_many_previews",
        )
    with place_in_line(), own_turn():
        found = CadetImport(
            status="preview",
            filename=filename,
            corrections={},
            images=[],
            decisions=[],
            kept=[],
            revision=1,
            created_by=principal.user_id,
            created_at=now,
        )
        _read(found, data)
        with transaction() as session:
            # One of the two large columns at a time: on its way to the database each exists several times.
            rows, found.rows = found.rows, []
            session.add(found)
            session.flush()
            session.expire(found, ["parsed"])
            found.rows = rows
            session.flush()
            return shown(found)


def correct_import(
    *, principal: Principal, import_id: int, change: Mapping[str, Any], if_match: str | None, now: datetime
) -> dict[str, Any]:
    """Answer what a preview asks and mend or leave out its rows, and return it as it is then; no cadet is touched.

    Args:
        change: `sheets`, `date_order`, `rows`, each as far as it changes; see `corrections.corrected`.
        if_match: If-Match as sent.

    Raises:
        NotFound
        StaleVersion: the preview was changed since.
        Conflict: import_not_open: it was applied or undone; too_many_corrections.
        Invalid: a sheet, row, field or order that is none; nothing of the change is kept.
    """
    with own_turn(), transaction() as session:
        found = lock_import(session, import_id)
        if found.status != "preview":
            raise Conflict("This import was applied already; its rows stand.", code="import_not_open")
        check_if_match(found.revision, if_match)
        reading = Reading.of(found.parsed)
        if wrong := faults(change, reading):
            raise Invalid(details=wrong)
        kept = corrected(found.corrections, change, {"by": principal.user_id, "at": now.isoformat()})
        if len(kept["rows"]) > MOST_ROWS:
            raise Conflict(
                f"More than {MOST_ROWS:,} rows are mended. Nothing of this was kept; mend the file and upload it again.",
                code="too_many_corrections",
            )
        if kept != found.corrections:
            found.corrections = kept
            show(found, reading)
            found.revision += 1
        return shown(found)


def discard_import(*, import_id: int) -> None:
    """Throw a preview away; nothing of it was in the roster.

    Raises:
        NotFound
        Conflict: import_not_open: an import that was applied is part of the record.
    """
    with transaction() as session:
        found = lock_import(session, import_id)
        if found.status != "preview":
            raise Conflict("An import that was applied is kept, to be undone and looked up.", code="import_not_open")
        session.delete(found)


def forget_previews(*, now: datetime) -> int:
    """Delete previews that nobody applied within a day of `now`, and the answers kept for repeated uploads; return how many."""
    with transaction() as session:
        session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < now - PREVIEW_KEPT))
        old = delete(CadetImport).where(CadetImport.status == "preview", CadetImport.created_at < now - PREVIEW_KEPT)
        return affected(session.execute(old))


def _read(found: CadetImport, data: bytes) -> None:
    # What was read is let go before it is stored: while it is on its way to the database it exists several times.
    reading = read_sheets(read_workbook(data, found.filename))
    if all(sheet.header_row is None for sheet in reading.sheets):
        raise Invalid(
            "No sheet has a row of headers such as Student ID, Last Name and First Name.",
            code="no_header_row",
            details={"file": ["No header row was found."], "sheets": [sheet.name for sheet in reading.sheets]},
        )
    show(found, reading)
    found.parsed = written(dumps(reading.as_json()))


def decisions_of(found: CadetImport, reading: Reading | None = None) -> list[Decision]:
    """Decide the rows of an import as the file, what officers said of it and the roster stand now."""
    reading = reading or Reading.of(found.parsed)
    rows = judge(reading, units.unit_names().for_import(), Corrections.of(found.corrections))
    return decide(rows, cadets.roster_for_import(), choices_of(found.decisions))


def show(found: CadetImport, reading: Reading) -> None:
    """Write into an import what its preview shows."""
    decisions, corrections = decisions_of(found, reading), Corrections.of(found.corrections)
    found.summary = summarise(decisions)
    # A thousand at a time: as one list they would be held once more.
    pieces = [
        dumps([decision.as_json() for decision in decisions[start : start + 1_000]])[1:-1]
        for start in range(0, len(decisions), 1_000)
    ]
    found.rows = written(b"".join([b"[", b",".join(pieces), b"]"]))
    found.layout, found.warnings = layout_of(reading, corrections), warnings_of(reading, corrections)


def shown(found: CadetImport) -> dict[str, Any]:
    """Return an import with the rows of its preview, as the API shows it."""
    return {**imports.import_row(found), "rows": found.rows, "corrections": found.corrections, "decisions": found.decisions}
