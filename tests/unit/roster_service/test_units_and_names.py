"""Unit words and names."""

import pytest

from roster_service.domain.names import display_name, search_words
from roster_service.domain.profiles import missing_for_completion, status_when_completed
from roster_service.domain.units import UnitNames

TREE = UnitNames(
    [
        {"id": 1, "kind": "battalion", "name": "1st Battalion", "parent_id": None, "is_active": True},
        {"id": 2, "kind": "company", "name": "Alpha", "parent_id": 1, "is_active": True},
        {"id": 3, "kind": "company", "name": "Bravo", "parent_id": 1, "is_active": True},
        {"id": 4, "kind": "platoon", "name": "1st Platoon", "parent_id": 2, "is_active": True},
        {"id": 5, "kind": "platoon", "name": "1st Platoon", "parent_id": 3, "is_active": True},
        {"id": 6, "kind": "special", "name": "Medics", "parent_id": 1, "is_active": True},
    ]
)


@pytest.mark.parametrize(
    ("company", "platoon", "unit"),
    [
        ("Alpha", "1st Platoon", 4),
        ("bravo", "1ST PLATOON", 5),
        ("Alpha", None, 2),
        ("Alpha", "Medics", 6),
        (None, "Medics", 6),
        (None, "1st Platoon", None),
        (None, None, None),
        ("Echo", "1st Platoon", None),
    ],
)
def test_company_and_platoon_name_the_smallest_unit_together(company, platoon, unit):
    assert TREE.resolve(company, platoon) == unit


def test_unit_words_are_written_as_the_tree_has_them():
    assert (TREE.company("ALPHA"), TREE.platoon("medics"), TREE.platoon("1st platoon"), TREE.company("Medics")) == (
        "Alpha",
        "Medics",
        "1st Platoon",
        None,
    )


def test_a_search_keeps_the_dash_of_a_student_number():
    assert search_words("Ordoñez, JOSÉ 2025-01") == ["ordonez", "jose", "2025-01"]


def test_a_search_of_thousands_of_words_is_cut():
    assert len(search_words("a " * 5000)) == 8


def test_a_name_is_shown_last_name_first():
    assert display_name("Dela Cruz", "Juan", "Santos", "Jr.") == "Dela Cruz, Juan Santos Jr."
    assert display_name("Dela Cruz", "") == "Dela Cruz"


def test_completing_a_profile_keeps_what_the_office_decided():
    assert [status_when_completed(status) for status in ("Ongoing", "Drop")] == ["Verified", "Drop"]


def test_a_profile_without_a_way_to_reach_the_cadet_is_not_complete():
    assert missing_for_completion({"email": "a@b.co", "contact_number": None, "address": ""}) == ["contact_number", "address"]
