"""Sections on two processors: each is run once and its result reaches whoever counts."""

from __future__ import annotations

import threading

import pytest

from cli import lanes
from cli.sections import SECTIONS


@pytest.mark.parametrize("processors", [1, 2, 8])
def test_every_section_is_run_once_and_told_once(processors):
    begun, lines = [], []

    def section(name, out):
        begun.append(name)
        print(f"inside {name}", file=out)
        return name, f"result of {name}"

    found = list(lanes.run(SECTIONS, section, lines.append, processors))

    assert sorted(begun) == sorted(SECTIONS)
    assert sorted(found) == sorted((name, f"result of {name}") for name in SECTIONS)
    held_back = lanes.BESIDE if processors > 1 else ()
    assert all(any(f"inside {name}" in line for line in lines) for name in held_back)
    assert all(any(line.startswith(f"\n== {name} ==") for line in lines) for name in SECTIONS)


def test_the_second_lane_runs_beside_the_longest_section_only():
    beside, ended = threading.Event(), threading.Event()
    order = []

    def section(name, _out):
        if name == lanes.LONGEST:
            assert beside.wait(10)
            ended.set()
        elif name in lanes.BESIDE:
            beside.set()
            assert ended.wait(10)
        order.append(name)
        return name

    assert list(lanes.run(SECTIONS, section, lambda _line: None, 2))[-2:] == ["system", "e2e"]
    assert order[-2:] == ["system", "e2e"]


def test_a_section_that_breaks_in_the_second_lane_breaks_the_run():
    def section(name, _out):
        if name == "lint":
            raise OSError("no such program")
        return name

    with pytest.raises(OSError, match="no such program"):
        list(lanes.run(SECTIONS, section, lambda _line: None, 2))


def test_without_the_longest_section_there_is_one_lane():
    given = []

    def section(name, out):
        given.append((name, out))
        return name

    assert list(lanes.run(["lint", "unit"], section, lambda _line: None, 2)) == ["lint", "unit"]
    assert given == [("lint", None), ("unit", None)]
