"""Nobody becomes somebody else: what an import may conclude of a row, and what it must ask."""

from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roster_service.domain.fields import IMPORTED_FIELDS
from roster_service.domain.imports.answers import choices_of, faults
from roster_service.domain.imports.plan import Choice, decide
from roster_service.domain.imports.reading import read_sheets
from roster_service.domain.imports.rows import judge
from roster_service.domain.imports.sheets import Sheet
from tests.support.mixed_up_rosters import HEADERS, answers, digits, is_number, rosters, whose, workbooks

EMPTY = {**dict.fromkeys(IMPORTED_FIELDS), "is_archived": False, "withdrawn": False}
JUAN = {
    **EMPTY,
    "id": 1,
    "student_id": "juan",
    "username": "juan",
    "last_name": "Dela Cruz",
    "first_name": "Juan",
    "email": "m@x.ph",
}


def plan(cells, cadets, choices=None):
    rows = judge(read_sheets([Sheet("Roster", [tuple(HEADERS), *(tuple(row) for row in cells)])]))
    return decide(rows, cadets, choices)


def row(student_id="", username="", last="Santos", first="Maria", middle="", email="", company="Alpha"):
    return [student_id, username, last, first, middle, email, company]


def codes(decision):
    return [reason["code"] for reason in decision.reasons]


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (row("2026-92954", email="m@x.ph"), "same_email_other_name"),
        (row("2026-92954", "juan"), "same_username_other_name"),
        (row(email="m@x.ph"), "same_email_other_name"),
        (row("JUAN"), "same_number_other_name"),
        (row("", "juan"), "same_username_other_name"),
    ],
)
def test_another_name_with_a_cadets_address_user_name_or_number_is_a_question(cells, why):
    decision = plan([cells], [JUAN])[0]

    assert (decision.action, decision.cadet_id, decision.changes, codes(decision)) == ("conflict", None, {}, [why])
    (candidate,) = decision.as_json()["candidates"]
    assert (candidate["cadet_id"], candidate["values"]["last_name"], candidate["why"]) == (1, "Dela Cruz", why)
    assert decision.as_json()["values"]["last_name"] == "Santos"


def test_a_legacy_cadet_gets_the_number_by_address_and_name():
    decision = plan([row("2026-00001", last="DELA CRUZ", first="juan", email="m@x.ph")], [JUAN])[0]

    assert (decision.action, decision.cadet_id) == ("update", 1)
    assert decision.changes["student_id"] == ["juan", "2026-00001"]


def test_another_number_with_the_same_name_and_address_is_a_question():
    numbered = {**JUAN, "student_id": "2026-00001"}

    decision = plan([row("2026-00002", last="Dela Cruz", first="Juan", email="m@x.ph")], [numbered])[0]

    assert (decision.action, codes(decision)) == ("conflict", ["same_email_same_name"])


def test_two_numbers_and_two_names_are_two_people_who_share_an_address():
    numbered = {**JUAN, "student_id": "2026-00001"}

    decision = plan([row("2026-00002", email="m@x.ph")], [numbered])[0]

    assert (decision.action, codes(decision)) == ("create", ["email_of_another"])


def test_the_same_number_for_another_name_in_one_file_is_a_question():
    first, second, third = plan([row("2026-1"), row("20261", last="Reyes"), row("2026-1", last="Reyes")], [])

    assert (first.action, second.action, codes(second)) == ("create", "conflict", ["same_number_other_name"])
    assert second.candidates[0]["place"] == "Roster!2"
    # The third row repeats the second, about which the question is.
    assert (third.action, third.reasons[0]["place"]) == ("duplicate", "Roster!3")


def test_a_row_that_follows_a_legacy_cadets_new_number_is_not_swallowed():
    rows = [
        row("2026-1", last="Dela Cruz", first="Juan", email="m@x.ph"),
        row("2026-2", last="Dela Cruz", first="Juan", email="m@x.ph"),
    ]

    first, second = plan(rows, [JUAN])

    assert (first.action, second.action, codes(second)) == ("update", "conflict", ["same_email_same_name"])


@pytest.mark.parametrize(
    ("decision", "action", "cadet_id", "code"),
    [
        ("same", "update", 1, "decided_same"),
        ("another", "create", None, "decided_another"),
        ("leave", "ignored", None, "decided_leave"),
    ],
)
def test_an_officers_word_is_done_and_shown(decision, action, cadet_id, code):
    decided = plan([row("2026-92954", email="m@x.ph")], [JUAN], {"Roster!2": Choice(decision)})[0]

    assert (decided.action, decided.cadet_id) == (action, cadet_id)
    assert code in codes(decided)
    # Both stand side by side still, as they were, so that the word can be taken back.
    assert decided.as_json()["candidates"][0]["values"]["last_name"] == "Dela Cruz"
    assert decided.as_json()["decision"] == decision


@pytest.mark.parametrize(
    ("cells", "action", "code"),
    [
        (row("juan", "free"), "invalid", "student_id_taken"),
        (row(email="m@x.ph"), "create", "decided_another"),
        (row("2026-92954", "juan"), "create", "username_adjusted"),
        (row("", "juan"), "invalid", "needs_student_id"),
    ],
)
def test_another_person_who_cannot_have_the_name_is_told_what_to_do(cells, action, code):
    decided = plan([cells], [JUAN], {"Roster!2": Choice("another")})[0]

    assert decided.action == action
    assert code in codes(decided)


def test_a_withdrawn_record_is_taken_up_by_the_same_person_only():
    gone = {**EMPTY, "id": 7, "student_id": "S-1", "username": "s1", "last_name": "Wrong", "first_name": "Ana", "withdrawn": True}

    same, other = (plan([row("S-1", last=last, first="Ana")], [gone])[0] for last in ("WRONG", "Right"))

    assert [(decided.action, decided.cadet_id) for decided in (same, other)] == [("create", 7), ("create", None)]
    assert other.changes["username"] == [None, "s1"]


def test_the_last_word_counts_and_can_be_taken_back():
    said = [{"sheet": "A", "row": 2, "decision": word, "cadet_id": None, "place": None} for word in ("same", "another")]

    assert choices_of(said) == {"A!2": Choice("another")}
    assert choices_of([*said, {**said[0], "decision": None}]) == {}


def test_an_answer_must_be_to_a_question_and_name_one_of_those_shown():
    shown = [decision.as_json() for decision in plan([row("2026-1", email="m@x.ph"), row("2026-2", last="Lim")], [JUAN])]
    said = {"sheet": "Roster", "row": 2, "decision": "same", "cadet_id": None, "place": None}

    assert faults([said, {**said, "cadet_id": 1}, {**said, "decision": "leave"}], shown) == {}
    assert set(faults([{**said, "cadet_id": 9}], shown)) == {"Roster!2"}
    assert set(faults([{**said, "row": 3}, {**said, "row": 99}], shown)) == {"Roster!3", "Roster!99"}


def apply(decisions, cadets):
    """Return the roster after the writing decisions, as apply would leave it."""
    after = {cadet["id"]: deepcopy(cadet) for cadet in cadets}
    for position, decision in enumerate(decisions):
        if decision.action in {"create", "update"}:
            number = decision.cadet_id or 100 + position
            start = after[number] if decision.action == "update" else {**EMPTY, "id": number}
            after[number] = {**start, **{name: new for name, (_, new) in decision.changes.items()}}
    return after


def person(values):
    return whose((values["last_name"], values["first_name"], values.get("middle_name")))


@settings(max_examples=300, deadline=None)
@given(rosters(), workbooks, answers, st.data())
def test_nobody_becomes_somebody_else(people, cells, said, data):
    cadets = [{**EMPTY, **values, "id": number} for number, values in enumerate(people, 1)]
    before = {cadet["id"]: cadet for cadet in cadets}
    asked = plan(cells, cadets)
    unasked = apply(asked, cadets)

    _check_names_are_held_once(unasked)
    for number, cadet in before.items():
        now = unasked[number]
        # Without an officer's word a cadet stays the same person, and a student number stays the cadet's.
        assert person(now) == person(cadet)
        assert not is_number(cadet["student_id"]) or digits(now["student_id"]) == digits(cadet["student_id"])
    for decision in asked:
        _check_evidence(decision, before, unasked)

    choices = {
        decision.row.place: Choice(word, *data.draw(st.sampled_from([(c["cadet_id"], c["place"]) for c in decision.candidates])))
        for decision, word in zip(asked, said, strict=False)
        if decision.action == "conflict" and word
    }
    decided = plan(cells, cadets, choices)
    answered = apply(decided, cadets)
    _check_names_are_held_once(answered)
    meant = {decision.cadet_id for decision in decided if decision.choice and decision.choice.decision == "same"}
    for number, cadet in before.items():
        assert number in meant or person(answered[number]) == person(cadet)
    # What was written is found again, and nobody is written twice.
    again = plan(cells, list(answered.values()))
    for first, second in zip(decided, again, strict=True):
        assert second.action != "create" or first.action not in {"create", "update", "unchanged"}


def _check_names_are_held_once(roster):
    for key in (lambda cadet: digits(cadet["student_id"]), lambda cadet: cadet["username"]):
        held = [key(cadet) for cadet in roster.values()]
        assert len(held) == len(set(held))


def _check_evidence(decision, before, after):
    """Check a decision by the words of the rule: number and name, else user name and name, else address and name."""
    values = decision.row.values
    if decision.action in {"update", "unchanged"}:
        cadet = before[decision.cadet_id]
        assert person(values) == person(cadet)
        given = values.get("student_id")
        same_number = bool(given) and digits(given) == digits(cadet["student_id"])
        free = not given or not is_number(cadet["student_id"])
        named = {values.get("username"), values.get("email"), digits(given), given} - {None, ""}
        # A user name of digits may be the number of a cadet who goes by another.
        known = {cadet["username"], cadet["email"], cadet["student_id"], digits(cadet["student_id"])}
        assert same_number or (free and named & known)
    elif decision.action == "create":
        for cadet in before.values():
            assert digits(values.get("student_id")) != digits(cadet["student_id"])
            assert values.get("username") != cadet["username"]
            # An address that another row of this file takes from a cadet tells nothing any more.
            if values.get("email") and values["email"] == cadet["email"] == after[cadet["id"]]["email"]:
                assert person(values) != person(cadet)
                # A legacy cadet may have got the number from another row of this file.
                assert is_number(after[cadet["id"]]["student_id"])
                assert values.get("student_id")
    elif decision.action == "conflict":
        assert decision.changes == {}
        assert decision.candidates
