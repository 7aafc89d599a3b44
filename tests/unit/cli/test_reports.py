"""Counting what the test runs found, and saying which criteria are proved."""

from __future__ import annotations

import pytest

from cli import requirements, sections
from cli.sections import Count

REPORT = """<testsuites><testsuite>
<testcase classname="a" name="passes"><properties><property name="requirement" value="9.6"/></properties></testcase>
<testcase classname="a" name="fails"><properties><property name="requirement" value="9.3"/></properties><failure/></testcase>
<testcase classname="a" name="also passes"><properties><property name="requirement" value="9.3"/></properties></testcase>
<testcase classname="a" name="skipped"><properties><property name="requirement" value="9.1"/></properties><skipped/></testcase>
<testcase classname="client" name="[8.4, 8.5] a 401 signs out"/>
<testcase classname="a" name="breaks"><error/></testcase>
</testsuite></testsuites>"""


@pytest.fixture
def reports(tmp_path):
    (tmp_path / "unit.xml").write_text(REPORT)
    return tmp_path


def test_all_162_criteria_are_listed_once_in_order():
    listed = list(requirements.criteria())
    assert len(listed) == 162
    assert listed == sorted(listed, key=lambda criterion: tuple(map(int, criterion.split("."))))


def test_passed_failed_and_skipped_are_counted(reports):
    count = sections.junit(reports / "unit.xml")
    assert count == Count(passed=3, failed=2, skipped=1)
    assert str(count) == "3 passed, 2 failed, 1 skipped"


def test_counts_add_up():
    assert Count(1, 2, 3) + Count(4, 5, 6) == Count(5, 7, 9)


@pytest.mark.parametrize(
    ("criterion", "state", "line"),
    [
        ("9.6", "proved", "proved a::passes"),
        ("9.3", "failing", "failing a::fails"),
        ("9.1", "open", ""),
        ("8.5", "proved", "proved client::[8.4, 8.5] a 401 signs out"),
        ("1.1", "open", ""),
    ],
)
def test_a_criterion_is_proved_only_by_tests_that_ran_and_passed(reports, criterion, state, line):
    assert requirements.judge(requirements.proofs(reports).get(criterion, [])) == (state, line)
