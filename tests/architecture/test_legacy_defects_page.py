"""docs/legacy-defects.md names every defect once, and tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "legacy-defects.md").read_text("utf-8")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
LINE = re.compile(r"^\| D(\d+) \|", re.M)


def test_every_defect_has_one_line_with_at_least_one_test():
    assert [int(number) for number in LINE.findall(PAGE)] == list(range(1, 27))
    for line in PAGE.splitlines():
        if LINE.match(line):
            assert TEST.search(line), line[:40]


def test_every_named_test_exists():
    named = TEST.findall(PAGE)
    assert len(named) >= 26
    for path, test in named:
        assert (ROOT / path).is_file(), path
        assert f"def {test}(" in (ROOT / path).read_text("utf-8"), f"{path}::{test}"
