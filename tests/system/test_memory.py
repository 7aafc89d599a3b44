"""What is uploaded may be hostile; the process that reads it stays small and goes on answering."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cli.local.runner import LocalStack
from roster_service.operations.turns import MOST_AT_ONCE
from tests.support.hostile_workbooks import HOSTILE
from tests.support.rgms_api import Answer, RgmsApi

MOST_MEGABYTES = 300
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def most_memory(group: int) -> int:
    """Return the most megabytes that a process of the group has held at once since it began."""
    most = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
            peak = next(line for line in (status.parent / "status").read_text().splitlines() if line.startswith("VmHWM"))
        except (OSError, StopIteration):
            continue
        if int(fields[2]) == group:
            most = max(most, int(peak.split()[1]) // 1024)
    return most


def test_no_workbook_makes_the_roster_large_or_silent(stack: LocalStack, admin_api: RgmsApi):
    process = stack.pid("roster")
    files = {name: make() for name, make in HOSTILE.items()}

    def upload(name: str) -> tuple[str, Answer]:
        suffix = "xlsx" if files[name].startswith(b"PK") else "csv"
        for _ in range(5):
            answer = admin_api.upload("/api/v1/cadets/imports", f"{name}.{suffix}", files[name], XLSX)
            # A slow machine reads slowly; whoever is told so comes again.
            if answer.status != 503:
                break
        return name, answer

    with ThreadPoolExecutor(MOST_AT_ONCE) as together:
        answers = dict(together.map(upload, files))

    assert {name: answer.status for name, answer in answers.items() if answer.status not in {201, 413, 422}} == {}
    assert max(len(str(answer.body)) for answer in answers.values()) < 20_000_000
    assert stack.pid("roster") == process
    assert most_memory(process or 0) < MOST_MEGABYTES
