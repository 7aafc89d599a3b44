"""The special grades that override whatever the records give: INC, DO and T (legacy rule 3.6).

They follow from the status that the roster keeps of a cadet (`models/cadets.py`). A status is of the person and not of one term,
so it overrides the grade of every term; the records stay, and so does what they give, once the status is put back.
"""

from __future__ import annotations

from collections.abc import Mapping

REMARKS: Mapping[str, str] = {"INC": "Incomplete", "DO": "Dropped", "T": "Deferred"}
