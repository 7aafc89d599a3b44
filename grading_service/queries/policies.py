"""The rules of a policy version. A version never changes, so it is read once per process."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from grading_service.domain.policy import Policy, policy_from_dict
from grading_service.domain.subject import exam_label
from libs.data.db import reading
from libs.web.errors import NotFound

_RULES = text("SELECT rules FROM grading.policy WHERE version = :version")
_known: dict[int, Policy] = {}


def policy_of(version: int) -> Policy:
    """Return the policy of `version`.

    Raises:
        NotFound: there is no such version.
    """
    if version not in _known:
        with reading() as connection:
            rules = connection.execute(_RULES, {"version": version}).scalar()
        if rules is None:
            raise NotFound("There is no grading policy of this version.", code="policy_not_found")
        _known[version] = policy_from_dict(rules)
    return _known[version]


def policy_rules(version: int) -> dict[str, Any]:
    """Return the JSON form of a policy, with what a screen writes over its columns: exam labels and the most points."""
    policy = policy_of(version)
    rules = policy.to_dict()
    exams = [{**exam, "label": exam_label(exam["exam"])} for exam in rules["subject"]["exams"]]
    return {**rules, "subject": {**rules["subject"], "exams": exams}, "maximum": str(policy.maximum)}
