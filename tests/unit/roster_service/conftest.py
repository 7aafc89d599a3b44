"""The unit's sample workbook, when it lies beside the checkout."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "roster"


@dataclass(frozen=True)
class Sample:
    """A workbook and what a careful import finds in it."""

    data: bytes
    expected: dict[str, Any]


@pytest.fixture(scope="session")
def sample_roster() -> Sample:
    """The sample roster of 320 cadets; a clean clone may not have it."""
    workbook = SAMPLES / "roster_ms1.xlsx"
    if not workbook.exists():
        pytest.skip("the sample workbook does not lie beside this checkout")
    return Sample(workbook.read_bytes(), json.loads((SAMPLES / "roster_ms1.expected.json").read_text("utf-8")))
