"""The client keeps no copy of the domain: what it needs to know comes from the API or from client/src/types/domain.ts."""

from __future__ import annotations

import re
from pathlib import Path

from grading_service.domain.shipped_policies import SHIPPED
from libs.contracts.principal import COMMAND_GROUP
from roster_service.domain import choices

SOURCES = Path(__file__).resolve().parents[2] / "client" / "src"
GENERATED, FOR_TESTS = "types", "testing"
# Words that also mean something else on a screen.
ORDINARY = {"final", "Failed", "Completed", "Incomplete", "Drop"}
WORDS = {
    *choices.COMPANIES,
    *choices.PLATOONS,
    *choices.CADET_COURSES,
    *choices.CADET_RANKS,
    *choices.YEAR_LEVELS,
    *choices.SEMESTERS,
    *choices.STATUSES,
    *COMMAND_GROUP,
    *(exam for policy in SHIPPED.values() for exam in policy.subject.exams),
} - ORDINARY
COPY = re.compile("|".join(f"[\"'`]{re.escape(word)}[\"'`]" for word in sorted(WORDS)))


def test_no_word_of_the_domain_is_written_into_the_client():
    found = [
        f"{path.relative_to(SOURCES)}:{number}: {match.group()} comes from the API or from types/domain.ts (cli/client_words.py)"
        for path in sorted(SOURCES.rglob("*.ts*"))
        if path.relative_to(SOURCES).parts[0] not in (GENERATED, FOR_TESTS) and ".test." not in path.name
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        for match in COPY.finditer(line)
    ]
    assert found == []
