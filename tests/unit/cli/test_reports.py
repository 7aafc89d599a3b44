"""Counting what the test runs found, and saying which criteria are proved."""

from __future__ import annotations

import re

import pytest

from cli import requirements, sections
from cli.local.config import ROOT
from cli.sections import Count

REPORT = """<testsuites><testsuite>
<testcase classname="a" name="passes"><properties><property name="requirement" value="9.6"/></properties></testcase>
<testcase classname="a" name="fails"><properties><property name="requirement" value="9.3"/></properties><failure/></testcase>
<testcase classname="a" name="also passes"><properties><property name="requirement" value="9.3"/></properties></testcase>
<testcase classname="a" name="skipped"><properties><property name="requirement" value="9.1"/></properties><skipped/></testcase>
<testcase classname="a" name="left out"><properties><property name="requirement" value="8.5"/></properties>
<skipped message="no Chromium"/></testcase>
<testcase classname="client" name="[8.4, 8.5] a 401 signs out"/>
<testcase classname="tests.unit.test_b" name="[8.6] breaks"><error/></testcase>
<testcase classname="a" name="breaks"><error/></testcase>
</testsuite></testsuites>"""


@pytest.fixture
def reports(tmp_path):
    (tmp_path / "unit.xml").write_text(REPORT)
    return tmp_path


# How many criteria each of the thirty requirements has.
SIZES = (7, 7, 7, 5, 6, 8, 5, 7, 6, 5, 5, 5, 5, 5, 5, 5, 5, 7, 6, 5, 5, 5, 4, 4, 5, 4, 4, 5, 5, 5)


def test_all_162_criteria_are_listed_once_in_order():
    every = [f"{number}.{item}" for number, size in enumerate(SIZES, start=1) for item in range(1, size + 1)]
    assert len(every) == 162
    assert list(requirements.criteria()) == every


def test_every_criterion_stands_there_as_a_whole_sentence_of_obligation():
    for criterion, wording in requirements.criteria().items():
        assert re.match(r"(WHEN .+, )?THE .+ SHALL .+\S$", wording, re.IGNORECASE), f"{criterion} {wording}"


def test_every_test_proves_a_criterion_that_exists():
    marks = re.compile(r"mark\.requirement\(([^)]*)\)")
    for path in (ROOT / "tests").rglob("test_*.py"):
        for mark in marks.findall(path.read_text(encoding="utf-8")):
            assert set(re.findall(r'"(\d[^"]*)"', mark)) <= set(requirements.criteria()), f"{path}: {mark}"


def test_passed_failed_and_skipped_are_counted(reports):
    count = sections.junit(reports / "unit.xml")
    assert count == Count(passed=3, failed=3, skipped=2)
    assert str(count) == "3 passed, 3 failed, 2 skipped"


def test_counts_add_up():
    assert Count(1, 2, 3) + Count(4, 5, 6) == Count(5, 7, 9)


@pytest.mark.parametrize(
    ("criterion", "state", "line"),
    [
        ("9.6", "proved", "proved a::passes"),
        ("9.3", "failing", "failing a::fails"),
        ("9.1", "open", "open (skipped: no reason given) a::skipped"),
        ("8.4", "proved", "proved client::[8.4, 8.5] a 401 signs out"),
        ("8.5", "open", "open (skipped: no Chromium) a::left out"),
        ("8.6", "failing", "failing tests/unit/test_b.py::[8.6] breaks"),
        ("1.1", "open", "open"),
    ],
)
def test_a_criterion_is_proved_only_when_each_of_its_tests_ran_and_passed(reports, criterion, state, line):
    assert requirements.judge(requirements.proofs(reports).get(criterion, [])) == (state, line)


def test_a_module_that_could_not_be_run_is_named_because_it_hides_proofs(reports):
    assert requirements.collection_errors(reports) == ["a::breaks"]
