"""A semester from end to end over HTTP."""


def test_a_semester_gives_the_grade_of_the_worked_example(grading_api):
    term = grading_api.term()
    days = grading_api.days(term, 15)
    statuses = ["present"] * 12 + ["excused", "late", "absent"]
    for day, status in zip(days, statuses, strict=True):
        grading_api.mark(day, 1, status)
    grading_api.points(term, 1, "merit", 10)
    grading_api.points(term, 1, "demerit", 15)
    for exam, value in {"prelim": 85, "midterm": 90, "final": 88}.items():
        outcome = grading_api.score(term, 1, exam, value)
    row = outcome["grades"][0]
    assert (row["attendance"], row["aptitude"], row["subject"]) == ("28.00", "28.50", "35.07")
    assert (row["final"], row["transmuted"], row["state"]) == ("91.57", "1.50", "complete")
    grade = grading_api.grade(term, 1)
    assert (grade["final"], grade["transmuted"], grade["remarks"]) == ("91.57", "1.50", "Passed")
    assert grading_api.row(term, 1)["final"] == "91.57"
    assert grading_api.row(term, 2)["state"] == "no_data"
