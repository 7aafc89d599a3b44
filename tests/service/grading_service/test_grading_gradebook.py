"""The gradebook over HTTP: filters, order, pages and cursors."""

import pytest

from tests.service.grading_service.grading_api import mark_of, score_of

SORTS = ["name", "student_id", "company", "final", "attendance", "aptitude", "subject", "merits", "demerits", "late", "absent"]


@pytest.fixture
def book(grading_api):
    """A term of seven cadets with differing grades: (service, term)."""
    grading_api.cadets(5, last_name="Ibañez", company="Charlie")
    grading_api.cadets(6, last_name="Ibanez", company="Charlie", platoon="2nd Platoon")
    grading_api.cadets(7, cadet_course="MS2")
    term = grading_api.term(cadet_course="MS1")
    days = grading_api.days(term, 2)
    marks = [mark_of(days[0], cadet) for cadet in (1, 2, 3)] + [mark_of(days[1], cadet, "absent") for cadet in (1, 3)]
    grading_api.post("/attendance/marks", {"marks": marks}, as_=grading_api.staff)
    scores = [score_of(term, cadet, exam, 60 + 10 * cadet) for cadet in (1, 2, 3) for exam in ("prelim", "midterm", "final")]
    grading_api.post("/exams/scores", {"scores": scores}, as_=grading_api.staff)
    grading_api.points(term, 5, "merit", 3)
    return grading_api, term


def rows_of(book, **params):
    grading_api, term = book
    return grading_api.get("/grading/gradebook", query_string={"term_id": term, **params}, as_=grading_api.staff)


def ids(page):
    return [row["cadet_id"] for row in page["data"]]


def test_cadets_of_the_course_stand_by_name_without_regard_to_accents(book):
    page = rows_of(book)
    assert ids(page) == [5, 6, 1, 2, 3, 4]
    assert [row["position"] for row in page["data"]] == [1, 2, 3, 4, 5, 6]
    assert (page["total"], page["next_cursor"]) == (6, None)


def test_a_cadet_of_another_course_with_a_grade_keeps_the_place(book):
    grading_api, term = book
    grading_api.points(term, 7)
    assert 7 in ids(rows_of(book))


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"company": "Alpha"}, [1, 3]), ({"company": "Charlie", "platoon": "2nd Platoon"}, [6]), ({"search": "ibañ"}, [5, 6]),
        ({"search": "IBAN"}, [5, 6]), ({"search": "2026-0003"}, [3]), ({"search": "20260003"}, [3]),
        ({"search": "6 0003"}, [3]), ({"search": "%"}, []), ({"search": "_"}, []),
        ({"search": "' OR 1=1 --"}, []), ({"state": "no_data"}, [6, 4]), ({"state": "provisional"}, [5, 2]),
        ({"state": "complete"}, [1, 3]), ({"company": "Nowhere"}, []), ({"company": ""}, [5, 6, 1, 2, 3, 4]),
    ],
)  # fmt: skip
def test_filters_and_search(book, filters, expected):
    page = rows_of(book, **filters)
    assert ids(page) == expected
    assert page["total"] == len(expected)


@pytest.mark.requirement("20.1")
@pytest.mark.parametrize(
    "wrong",
    [
        "", "term_id=abc", "term_id=%00", "term_id=0", "search=%00", "company=a%00", "state=great", "sort=password",
        "sort=name;drop", "page_size=0", "page_size=abc", "page_size=-1", "page=0", "cursor=%00", "cursor=abc", "cursor=WzFd",
        "cursor=bnVsbA", "search=" + "x" * 101,
    ],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_refused(book, wrong):
    grading_api, term = book
    known = "" if wrong.startswith("term_id") or not wrong else f"term_id={term}&"
    answer = grading_api.get(f"/grading/gradebook?{known}{wrong}", as_=grading_api.staff, expect=422)
    assert answer["code"] == "invalid_fields"


def test_a_term_that_is_not_there_is_not_found(book):
    assert book[0].get("/grading/gradebook?term_id=4711", as_=book[0].staff, expect=404)["code"] == "term_not_found"


@pytest.mark.requirement("22.5")
@pytest.mark.parametrize("way", ["", "-"])
@pytest.mark.parametrize("sort", SORTS)
def test_reading_on_by_cursor_gives_every_row_once_in_the_order_of_the_whole(book, sort, way):
    whole = ids(rows_of(book, sort=way + sort, page_size=100))
    seen, positions, cursor = [], [], ""
    while cursor is not None:
        page = rows_of(book, sort=way + sort, page_size=2, cursor=cursor)
        seen += ids(page)
        positions += [row["position"] for row in page["data"]]
        assert page["total"] == 6
        cursor = page["next_cursor"]
    assert seen == whole
    assert sorted(seen) == [1, 2, 3, 4, 5, 6]
    assert positions == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(("sort", "first"), [("-final", [3, 2, 1, 5]), ("final", [5, 1, 2, 3]), ("attendance", [1, 2, 3])])
def test_points_are_sorted_as_they_stand_and_whoever_has_none_is_last_in_either_direction(book, sort, first):
    page = rows_of(book, sort=sort)
    assert ids(page)[: len(first)] == first
    points = [(row["so_far"] or {}).get(sort.lstrip("-").replace("final", "total")) for row in page["data"]]
    assert None not in points[: len(first)] and set(points[len(first) :]) == {None}


@pytest.mark.requirement("22.1", "22.2", "22.3", "22.4")
def test_pages_are_twenty_by_default_and_a_hundred_at_most(grading_api):
    grading_api.cadets(*range(1, 131))
    term = grading_api.term()
    first = grading_api.get(f"/grading/gradebook?term_id={term}", as_=grading_api.staff)
    assert (len(first["data"]), first["limit"], first["total"]) == (20, 20, 130)
    most = grading_api.get(f"/grading/gradebook?term_id={term}&page_size=5000", as_=grading_api.staff)
    assert (len(most["data"]), most["limit"]) == (100, 100)
    second = grading_api.get(f"/grading/gradebook?term_id={term}&page_size=100&page=2", as_=grading_api.staff)
    assert (len(second["data"]), second["page"], second["data"][0]["position"]) == (30, 2, 101)
    beyond = grading_api.get(f"/grading/gradebook?term_id={term}&page=99", as_=grading_api.staff)
    assert (beyond["data"], beyond["total"]) == ([], 130)


def test_only_the_fields_asked_for(book):
    rows = rows_of(book, fields="final,state", page_size=1)["data"]
    assert set(rows[0]) == {"cadet_id", "final", "state"}


def test_a_row_says_what_it_is_without_a_number_for_no_data(book):
    row = next(row for row in rows_of(book)["data"] if row["cadet_id"] == 4)
    assert row == {
        "cadet_id": 4, "term_id": book[1], "student_id": "2026-0004",
        "name": "Last0004, First0004", "company": "Bravo", "platoon": "1st Platoon",
        "days_counted": 0, "days_present": 0, "late": 0, "excused": 0, "duty": 0, "absent": 0, "merits": 0, "demerits": 0,
        "scores": {"prelim": None, "midterm": None, "final": None}, "attendance": None, "aptitude": None, "subject": None,
        "final": None, "transmuted": None, "passed": None, "so_far": None, "worst": None, "best": None, "outlook": "open",
        "state": "no_data", "missing": ["attendance", "prelim", "midterm", "final"],
        "version": 0, "position": 6,
    }  # fmt: skip
