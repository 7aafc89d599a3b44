"""Where there is no PgBouncer, the tests behind a pooler are left out, said and counted."""

from __future__ import annotations

from cli import sections
from cli.local import pgbouncer


def test_without_pgbouncer_the_section_counts_as_skipped_and_says_what_to_type(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(pgbouncer, "PLACES", "")

    count = sections.pytest("pooler", tmp_path, {"PATH": str(tmp_path)})

    assert count.passed == count.failed == 0
    assert count.skipped > 0
    assert "sudo apt-get install pgbouncer" in capsys.readouterr().out
