"""The policies that ship: version 1, and the older rule sets of the legacy system, which count down from 0.

They exist so that an old grade can be reproduced. `source` names the legacy commits that introduced each rule set.
The legacy system had no "on duty"; it is credited like an excuse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from grading_service.domain.policy import (
    FIXED,
    SCHEDULED,
    AptitudeRule,
    AttendanceRule,
    Policy,
    SubjectRule,
    Transmutation,
)

CURRENT = 1
_ONE, _NONE = Fraction(1), Fraction(0)


def _steps(text: str) -> tuple[tuple[Fraction, str], ...]:
    pairs = (step.split(":") for step in text.split())
    return tuple((Fraction(bound), grade) for bound, grade in pairs)


FIVE_STEPS = Transmutation(_steps("95:1.00 90:1.50 85:2.00 80:2.50 75:3.00"))
NINE_STEPS = Transmutation(_steps("98:1.00 95:1.25 92:1.50 89:1.75 86:2.00 83:2.25 80:2.50 77:2.75 75:3.00"))

WITH_LATE = {"present": _ONE, "late": _ONE, "excused": _ONE, "duty": _ONE, "absent": _NONE}
WITH_EXCUSED = WITH_LATE | {"late": _NONE}
PRESENT_ONLY = {"present": _ONE, "late": _NONE, "excused": _NONE, "duty": _NONE, "absent": _NONE}

CLAMPED = AptitudeRule(weight=Fraction(30), base=Fraction(100), scale=Fraction(100), floor=Fraction(0), ceiling=Fraction(100))
SUBJECT = SubjectRule(weight=Fraction(40), exams={"prelim": Fraction(100), "midterm": Fraction(100), "final": Fraction(100)})

VERSION_1 = Policy(
    version=CURRENT,
    name="Present, late and excused count; five-step table",
    source=(
        "564799b, 17 February; the last rule set of the legacy system, from which no finished grade differs. Before its end that"
        " system took a day without a mark for an absence and an exam without a score for a zero: it gave the worst end of what"
        " is an open grade here"
    ),
    attendance=AttendanceRule(weight=Fraction(30), credit=WITH_LATE, divisor=SCHEDULED),
    aptitude=CLAMPED,
    subject=SUBJECT,
    transmutation=FIVE_STEPS,
)

EXCUSED_WITHOUT_LATE = replace(
    VERSION_1,
    version=0,
    name="Present and excused count; five-step table",
    source="7d99b17 to 9e4b977, 11 to 15 February",
    attendance=AttendanceRule(weight=Fraction(30), credit=WITH_EXCUSED, divisor=SCHEDULED),
)
MINIMA = replace(
    EXCUSED_WITHOUT_LATE,
    version=-1,
    name="Minima of 24 in attendance and 28 in subject",
    source="74ccfc7, 11 February; withdrawn by 08e4b23",
    attendance=replace(EXCUSED_WITHOUT_LATE.attendance, minimum=Fraction(24)),
    subject=replace(SUBJECT, minimum=Fraction(28)),
)
NINE_STEP_TABLE = replace(
    EXCUSED_WITHOUT_LATE,
    version=-2,
    name="Present and excused count; nine-step table",
    source="a3f9139, 1 February (and b83332b, 27 January)",
    transmutation=NINE_STEPS,
)
EARNED_APTITUDE = replace(
    NINE_STEP_TABLE,
    version=-3,
    name="Aptitude earned by merits alone; nine-step table",
    source="db12a25, 30 January",
    aptitude=replace(CLAMPED, base=Fraction(0), ceiling=None, merit_cap=Fraction(100)),
)
FIXED_FIFTEEN = replace(
    NINE_STEP_TABLE,
    version=-4,
    name="Present only, of a fixed 15 days; aptitude without ceiling",
    source="a8de641 and 00d3915, 25 January",
    attendance=AttendanceRule(weight=Fraction(30), credit=PRESENT_ONLY, divisor=FIXED, fixed_days=15),
    aptitude=replace(CLAMPED, ceiling=None),
)
BARE_APTITUDE = replace(
    FIXED_FIFTEEN,
    version=-5,
    name="Present only, of a fixed 15 days; aptitude is merits less demerits",
    source="138ce1e, 25 January",
    aptitude=replace(CLAMPED, base=Fraction(0), floor=None, ceiling=None),
)
COUNTER_OF_PRESENT = replace(
    EXCUSED_WITHOUT_LATE,
    version=-6,
    name="Present only; five-step table",
    source="the counter of 26 February, which itself computed no grade",
    attendance=AttendanceRule(weight=Fraction(30), credit=PRESENT_ONLY, divisor=SCHEDULED),
)

SHIPPED: Mapping[int, Policy] = {
    policy.version: policy
    for policy in (
        VERSION_1,
        EXCUSED_WITHOUT_LATE,
        MINIMA,
        NINE_STEP_TABLE,
        EARNED_APTITUDE,
        FIXED_FIFTEEN,
        BARE_APTITUDE,
        COUNTER_OF_PRESENT,
    )
}
