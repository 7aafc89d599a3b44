"""How a person of the roster becomes an account."""

from hypothesis import given
from hypothesis import strategies as st

from auth_service.domain import accounts

NAMES = st.none() | st.text(max_size=300)


def test_a_cadet_signs_in_with_the_imported_username_else_the_student_id():
    assert accounts.username_of_cadet({"id": 7, "username": " jdc ", "student_id": "2024-1"}) == "jdc"
    assert accounts.username_of_cadet({"id": 7, "username": None, "student_id": "2024-1"}) == "2024-1"
    assert accounts.username_of_cadet({"id": 7}) == "cadet.7"


def test_staff_sign_in_with_their_e_mail_else_their_name():
    assert accounts.username_of_staff({"id": 3, "email": "a@unit.ph", "first_name": "Ana"}) == "a@unit.ph"
    assert accounts.username_of_staff({"id": 3, "email": None, "first_name": "Ana María", "last_name": "Peña"}) == "anamaria.pena"
    assert accounts.username_of_staff({"id": 3}) == "staff.3"


def test_a_person_is_shown_by_first_name_middle_initial_and_last_name():
    person = {"first_name": "Juan", "middle_name": "Santos", "last_name": "Dela Cruz", "suffix_name": "Jr."}

    assert accounts.display_name(person) == "Juan S. Dela Cruz Jr."


@given(NAMES, NAMES, NAMES, NAMES, st.integers(1, 2**31 - 1))
def test_every_person_gets_a_name_that_fits(username, student_id, first, last, person_id):
    person = {"id": person_id, "username": username, "student_id": student_id, "first_name": first, "last_name": last}
    for wanted in (accounts.username_of_cadet(person), accounts.username_of_staff(person)):
        first_choice, second_choice = accounts.username_candidates(wanted, person_id)
        assert 1 <= len(first_choice) <= accounts.USERNAME_MAX
        assert len(second_choice) <= accounts.USERNAME_MAX
        assert second_choice.endswith(str(person_id))
    assert len(accounts.display_name(person)) <= 200
