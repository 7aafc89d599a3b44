"""The rules of a policy version. A version never changes, so it is read once per process."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from grading_service.domain.policy import Policy, policy_from_dict
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
    """Return the JSON form of a policy."""
    return policy_of(version).to_dict()
