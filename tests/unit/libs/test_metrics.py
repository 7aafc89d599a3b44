"""Percentiles from logarithmic buckets stay within 5 % of the truth."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.metrics import bucket_of, merge, middle_of, percentile, summary

TIMES = st.lists(st.floats(0.0002, 60, allow_nan=False), min_size=1, max_size=200)


@pytest.mark.requirement("17.2")
@given(TIMES, st.sampled_from([50, 95, 99]))
def test_a_percentile_is_within_five_percent_of_a_recorded_time(times: list[float], percent: int) -> None:
    buckets: dict[int, int] = {}
    for seconds in times:
        buckets[bucket_of(seconds)] = buckets.get(bucket_of(seconds), 0) + 1
    ordered = sorted(times)
    position = max(0, -(-len(ordered) * percent // 100) - 1)
    assert percentile(buckets, percent) == pytest.approx(ordered[position], rel=0.051)


@given(st.floats(0.0002, 60))
def test_a_time_lies_in_the_bucket_that_stands_for_it(seconds: float) -> None:
    assert middle_of(bucket_of(seconds)) == pytest.approx(seconds, rel=0.051)


@pytest.mark.requirement("17.2")
def test_a_summary_has_mean_median_p95_p99_and_error_rate() -> None:
    times = [0.001 * n for n in range(1, 101)]
    fields = {"n": 100, "us": sum(int(t * 1e6) for t in times), "e4": 3, "e5": 2}
    for seconds in times:
        name = f"b{bucket_of(seconds)}"
        fields[name] = fields.get(name, 0) + 1
    told = summary(fields)
    assert told["mean_ms"] == pytest.approx(statistics.mean(times) * 1000, rel=0.01)
    assert told["median_ms"] == pytest.approx(50, rel=0.06)
    assert told["p95_ms"] == pytest.approx(95, rel=0.06)
    assert told["p99_ms"] == pytest.approx(99, rel=0.06)
    assert told["error_rate"] == 0.02


@pytest.mark.requirement("17.2")
def test_each_percentile_is_the_one_it_is_called() -> None:
    """Ninety quick answers, five slower, four slow, one very slow: p90, p95 and p99 are far apart."""
    times = [0.001] * 90 + [0.1] * 5 + [1.0] * 4 + [10.0]
    fields = {"n": len(times), **{f"b{bucket_of(seconds)}": times.count(seconds) for seconds in set(times)}}
    told = summary(fields)
    assert told["median_ms"] == pytest.approx(1, rel=0.051)
    assert told["p95_ms"] == pytest.approx(100, rel=0.051)
    assert told["p99_ms"] == pytest.approx(1000, rel=0.051)


def test_nothing_recorded_is_no_error() -> None:
    assert summary({})["p99_ms"] == 0.0


def test_slots_and_unsent_counts_add_up() -> None:
    assert merge([{b"read x|n": b"2"}, {b"read x|n": b"3", b"read y|n": b"1"}], {"read x": {"n": 4}}) == {
        "read x": {"n": 9},
        "read y": {"n": 1},
    }
