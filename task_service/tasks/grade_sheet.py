"""Make the grade sheet of a term and store it for the person who asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from libs import clock
from libs.clients.grading import GradingClient
from libs.clients.media import MediaClient
from task_service.documents import grade_sheet_pdf, grade_sheet_xlsx
from task_service.documents.grade_sheet import GradeSheet, SheetRow, sheet_row
from task_service.job_runner import Run

BUILDERS = {
    "xlsx": (grade_sheet_xlsx.build, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pdf": (grade_sheet_pdf.build, "application/pdf"),
}
# Reading takes most of the time; the rest of the bar is for writing and storing.
READ_SHARE = 80
STORE_SECONDS = 60.0


def make_grade_sheet(run: Run) -> Mapping[str, Any]:
    """Read the gradebook page by page, build the document, store it; result: file_id, name, size, content_type, rows."""
    params = run.job.params
    build, content_type = BUILDERS[params["format"]]
    owner = run.job.requested_by
    if owner is None:
        raise ValueError("a grade sheet belongs to whoever asked for it, and nobody did")
    sheet = _read(run, GradingClient(run.settings), params["term_id"], params["company"])
    run.progress(READ_SHARE + 5, "Writing the document")
    document = build(sheet)
    run.progress(READ_SHARE + 15, "Storing the document")
    # The job's id is the file's id: a repeated attempt leaves one file.
    stored = MediaClient(run.settings).store(
        run.job.id,
        document,
        name=sheet.file_name(params["format"]),
        content_type=content_type,
        owner_user_id=owner,
        purpose="grade_sheet",
        access="staff",
        timeout=STORE_SECONDS,
    )
    facts = {"file_id": str(stored["id"]), "name": stored["name"], "size": stored["size"], "content_type": content_type}
    return facts | {"rows": len(sheet.rows)}


def _read(run: Run, grading: GradingClient, term_id: int, company: str | None) -> GradeSheet:
    run.progress(1, "Reading the term")
    term = grading.get_term(term_id)
    rows: list[SheetRow] = []
    cursor, more = None, True
    while more:
        page, cursor, total = grading.list_grades(term_id, company=company, cursor=cursor)
        rows.extend(sheet_row(row) for row in page)
        more = cursor is not None
        run.progress(READ_SHARE * len(rows) // max(1, total, len(rows)), f"{len(rows)} of {total} cadets read")
    return GradeSheet(
        term=str(term["name"]),
        school_year=str(term.get("school_year") or ""),
        semester=str(term.get("semester") or ""),
        company=company,
        policy_version=str(term["policy_version"]),
        generated_at=clock.now(),
        rows=tuple(rows),
    )
