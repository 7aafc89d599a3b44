"""Defects of the legacy system (its measured list, D1 to D26) that the roster could have repeated."""

from contextlib import contextmanager

from tests.support.workbooks import row


@contextmanager
def refusing(as_owner, last_name: str):
    """Let PostgreSQL refuse one cadet in the middle of an import."""
    as_owner(f"ALTER TABLE roster.cadet ADD CONSTRAINT refused CHECK (last_name <> '{last_name}') NOT VALID")
    try:
        yield
    finally:
        as_owner("ALTER TABLE roster.cadet DROP CONSTRAINT refused")


def test_d4_an_import_that_fails_in_the_middle_has_written_nothing_and_can_be_applied_again(roster_api, as_owner):
    roster_api.add_cadet(student_id="2026-00001", last_name="Before")
    before = roster_api.cadets()
    shown = roster_api.preview(*(row(number) for number in range(1, 41)))

    with refusing(as_owner, "Reyes37"):
        failed = roster_api.apply(shown["id"])

    assert failed.status_code == 409
    assert "INSERT" not in failed.text
    assert "Reyes37" not in failed.text
    assert roster_api.cadets() == before
    assert roster_api.events() == []
    assert roster_api.apply(shown["id"]).json["created"] == 39


def test_d10_a_cadet_read_after_a_change_is_the_new_one_alone_and_in_every_list(roster_api):
    cadet = roster_api.add_cadet(last_name="Old")
    lists = ("/cadets", "/cadets?search=e", "/cadets?sort=-name&page_size=5", "/cadets?fields=last_name")
    for number in range(5):
        for path in lists:
            roster_api.get(path)
        roster_api.patch(f"/cadets/{cadet}", {"last_name": f"Newer{number}"})
        assert roster_api.get(f"/cadets/{cadet}").json["last_name"] == f"Newer{number}"
        assert {roster_api.get(path).json["data"][0]["last_name"] for path in lists} == {f"Newer{number}"}
