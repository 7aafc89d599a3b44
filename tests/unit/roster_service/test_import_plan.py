"""What an import would do to a stored roster."""

from hypothesis import given, settings
from hypothesis import strategies as st

from roster_service.domain.fields import IMPORTED_FIELDS
from roster_service.domain.imports.plan import ACTIONS, decide, differences, summarise
from roster_service.domain.imports.reading import read_sheets
from roster_service.domain.imports.rows import judge
from roster_service.domain.imports.sheets import Sheet
from tests.support.workbooks import HEADERS, row


def stored(number, **more):
    """Return a stored cadet as `row(number)` would have made one."""
    empty = dict.fromkeys(IMPORTED_FIELDS)
    return {
        **empty,
        "id": number,
        "student_id": f"2026-{number:05d}",
        "username": f"2026{number:05d}",
        "last_name": f"Reyes{number}",
        "first_name": "Ana",
        "middle_name": "Lim",
        "email": f"ana{number}@student.example",
        "contact_number": f"0917{number:07d}",
        "company": "Alpha",
        "platoon": "1st Platoon",
        "rank": "CDT",
        "is_archived": False,
        "withdrawn": False,
        **more,
    }


def plan(rows, cadets=(), headers=HEADERS):
    return decide(judge(read_sheets([Sheet("Roster", [tuple(headers), *(tuple(cells) for cells in rows)])])), cadets)


def codes(decision):
    return [reason["code"] for reason in decision.reasons]


def test_an_unknown_cadet_is_created_with_rank_and_user_name():
    decision = plan([row(1)])[0]

    assert (decision.action, decision.cadet_id) == ("create", None)
    assert decision.changes["username"] == [None, "202600001"]
    assert decision.changes["rank"] == [None, "CDT"]


def test_the_same_data_again_changes_nothing():
    decision = plan([row(1)], [stored(1)])[0]

    assert (decision.action, decision.changes, decision.cadet_id) == ("unchanged", {}, 1)


def test_a_changed_field_is_an_update_with_both_values():
    decision = plan([row(1, company="Bravo")], [stored(1)])[0]

    assert (decision.action, decision.changes) == ("update", {"company": ["Alpha", "Bravo"]})


def test_an_empty_cell_never_overwrites_a_stored_value():
    cells = row(1, email=None, contact_number=None, company=None, platoon=". . . .", middle_name=None)

    assert plan([cells], [stored(1)])[0].changes == {}


def test_a_column_that_is_missing_never_overwrites_a_stored_value():
    decision = plan([["2026-00001", "Reyes1", "Ana"]], [stored(1)], headers=["USN", "Surname", "Given Name"])[0]

    assert decision.action == "unchanged"


def test_a_cadet_is_known_by_the_student_id_in_any_case_and_without_its_dash():
    assert plan([row(1, student_id=202600001)], [stored(1)])[0].action == "unchanged"
    assert plan([row(1, student_id="ab-1")], [stored(1, student_id="AB-1")])[0].action == "unchanged"


def test_a_cadet_is_known_by_the_user_name_before_the_email_address():
    headers = ["Username", "Last Name", "First Name", "Email"]
    cadets = [stored(1, student_id="areyes", username="areyes"), stored(2, student_id="other")]

    decision = plan([["areyes", "Reyes1", "Ana", "ana2@student.example"]], cadets, headers)[0]

    assert decision.cadet_id == 1
    assert "matched_by_username" in codes(decision)


def test_a_cadet_is_known_by_the_email_address_together_with_the_name():
    headers = ["Last Name", "First Name", "Email"]
    cells = ["REYES1", "Ana", "ana1@student.example"]
    sister, namesake = stored(2, email="ana1@student.example"), stored(3, last_name="Reyes1", email="ana1@student.example")

    assert [plan([cells], [stored(1), *more], headers)[0].cadet_id for more in ([], [sister])] == [1, 1]
    two = plan([cells], [stored(1), namesake], headers)[0]
    assert (two.action, codes(two)) == ("conflict", ["same_email_same_name"] * 2)


def test_a_shared_email_address_does_not_turn_a_new_cadet_into_a_stored_one():
    decision = plan([row(9, email="ana1@student.example")], [stored(1)])[0]

    assert decision.action == "create"


def test_two_rows_that_share_the_only_thing_known_are_one_cadet():
    headers = ["Student ID", "Last Name", "First Name", "Email"]
    rows = [["2026-00001", "Reyes", "Ana", "ana@x.ph"], [None, "Reyes", "Ana", "ana@x.ph"]]

    decisions = plan(rows, headers=headers)

    assert [decision.action for decision in decisions] == ["create", "duplicate"]
    assert decisions[1].reasons[0]["place"] == "Roster!2"


def test_a_derived_user_name_that_is_taken_gets_a_number():
    decision = plan([row(9)], [stored(1, username="202600009")])[0]

    assert decision.changes["username"] == [None, "202600009.2"]
    assert "username_adjusted" in codes(decision)


def test_a_name_alone_is_never_imported_so_that_a_second_import_doubles_nobody():
    decision = plan([["Reyes", "Ana"]], headers=["Last Name", "First Name"])[0]

    assert (decision.action, codes(decision)) == ("invalid", ["no_identifier"])


def test_an_archived_cadet_comes_back_visibly():
    decision = plan([row(1)], [stored(1, is_archived=True)])[0]

    assert (decision.action, decision.changes) == ("update", {"is_archived": [True, False]})
    assert "restores_archived" in codes(decision)


def test_the_record_of_an_undone_import_is_taken_up_again():
    decision = plan([row(1)], [stored(1, is_archived=True, withdrawn=True)])[0]

    assert (decision.action, decision.cadet_id) == ("create", 1)
    assert decision.changes["username"] == [None, "202600001"]


def test_two_rows_for_one_stored_cadet_are_one_and_a_duplicate():
    headers = ["Student ID", "Username", "Last Name", "First Name"]
    rows = [["2026-00001", None, "Reyes1", "Ana"], [None, "202600001", "Reyes1", "Ana"]]

    assert [decision.action for decision in plan(rows, [stored(1)], headers)] == ["unchanged", "duplicate"]


def test_a_preview_is_stale_once_a_concerned_cadet_changed():
    shown = [decision.as_json() for decision in plan([row(1, company="Bravo"), row(2)], [stored(1), stored(2)])]

    assert differences(shown, plan([row(1, company="Bravo"), row(2)], [stored(1), stored(2)])) == []
    stale = differences(shown, plan([row(1, company="Bravo"), row(2)], [stored(1, company="Delta"), stored(2)]))
    assert [(entry["row"], entry["cadet_id"]) for entry in stale] == [(2, 1)]


def test_the_summary_counts_every_row_once():
    decisions = plan([row(1), row(1), row(2, last_name=None), ["Prepared by"]], [stored(1)])

    counted = summarise(decisions)
    assert counted == dict.fromkeys(ACTIONS, 0) | {"unchanged": 1, "invalid": 1, "duplicate": 1, "ignored": 1}
    assert sum(counted.values()) == len(decisions)


numbers = st.integers(1, 6)
edits = st.fixed_dictionaries(
    {},
    optional={
        "company": st.sampled_from(["Alpha", "Bravo", "", "Echo"]),
        "email": st.sampled_from(["", "x@y.zz", "ana2@student.example"]),
        "student_id": st.sampled_from(["", "2026-00001", "ana"]),
        "last_name": st.sampled_from(["", "Santos"]),
    },
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(numbers, edits), max_size=8), st.lists(numbers, unique=True, max_size=4))
def test_an_applied_plan_leaves_nothing_to_do_and_never_two_cadets_with_one_id(rows, known):
    cells = [row(number, **changes) for number, changes in rows]
    cadets = [stored(number) for number in known]
    after = {cadet["id"]: dict(cadet) for cadet in cadets}
    first = plan(cells, cadets)
    for position, decision in enumerate(first):
        if decision.action in {"create", "update"}:
            target = after.setdefault(decision.cadet_id or 100 + position, stored(0, email=None, username="", student_id=""))
            target.update({name: new for name, (_, new) in decision.changes.items()}, id=decision.cadet_id or 100 + position)

    ids = [cadet["student_id"].lower() for cadet in after.values()]
    usernames = [cadet["username"].lower() for cadet in after.values()]
    assert len(ids) == len(set(ids))
    assert len(usernames) == len(set(usernames))
    # A row whose question nobody answered may find nobody once another row changed the address that raised it.
    answered = [decision.action != "conflict" for decision in first]
    if all(filled[0] for filled in cells):
        again = plan(cells, list(after.values()))
        assert not [now for now, sure in zip(again, answered, strict=True) if sure and now.action == "create"]
