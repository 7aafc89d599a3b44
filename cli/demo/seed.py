"""The demo, told in order: accounts, roster, two terms, and what happened in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple

from cli.demo import facts, people
from cli.demo.api import Api, batches, until
from cli.local.errors import LocalError

BATCH = 500
WEEK = timedelta(days=7)
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Plan(NamedTuple):
    """One term: when it runs, and how much of it has happened."""

    name: str
    school_year: str
    semester: str
    first_day: date
    days: int


def load(api: Api, today: date, say: Callable[[str], None]) -> None:
    """Tell the demo to a running system; what it knows already is left as it is.

    Args:
        api: signed in as the demo administrator.
        today: the present date in Manila.
        say: receives a line per step.

    Raises:
        LocalError: the system refused something.
    """
    earlier, current = plans(today)
    cadets = _roster(api, current, say)
    _staff(api, say)
    _activate(api, say)
    lines = [cadet for cadet in cadets if cadet["company"] in people.LINE]
    _term(api, earlier, lines[: 4 * people.LINE_PLATOON_SIZE], ("prelim", "midterm", "final"), today, say)
    # The last platoon of Delta has nothing yet and the headquarters company began late: every state of a grade shows.
    marked = lines[: -people.LINE_PLATOON_SIZE]
    term, held = _term(api, current, marked, ("prelim",), today, say)
    _scores(api, term, "midterm", held[-1], marked[: 2 * people.LINE_PLATOON_SIZE])
    headquarters = [cadet for cadet in cadets if cadet["company"] == people.HEADQUARTERS]
    for number, day in list(enumerate(held))[-2:]:
        _send(api, "/attendance/marks", "marks", facts.marks(day, headquarters, number))


def plans(today: date) -> tuple[Plan, Plan]:
    """Return last semester, all over, and this one, with eight Saturdays behind it."""
    last_saturday = today - timedelta(days=(today.weekday() - 5) % 7)
    first = last_saturday - 7 * WEEK
    return _plan(first - 30 * WEEK, 10), _plan(first, 15)


def _plan(first: date, days: int) -> Plan:
    opening = first.year if first.month >= 7 else first.year - 1
    semester = "1st Semester" if first.month >= 7 else "2nd Semester"
    school_year = f"{opening}-{opening + 1}"
    return Plan(f"{semester} {school_year}", school_year, semester, first, days)


def _roster(api: Api, plan: Plan, say: Callable[[str], None]) -> list[dict[str, Any]]:
    rows = people.cadets(plan.school_year, plan.semester)
    if not api.get("/cadets", search=rows[-1]["Student ID"])["total"]:
        preview = api.upload("/cadets/imports", "demo-roster.xlsx", people.workbook(rows), EXCEL)
        done = api.post(f"/cadets/imports/{preview['id']}/apply")
        say(f"{done['created']} cadets imported")
    ours = {row["Student ID"] for row in rows}
    known = [cadet for cadet in api.all("/cadets", sort="student_id") if cadet["student_id"] in ours]
    return sorted(known, key=lambda cadet: cadet["student_id"])


def _staff(api: Api, say: Callable[[str], None]) -> None:
    known = {(person["first_name"], person["last_name"]) for person in api.all("/staff")}
    for person in people.STAFF:
        if (person["first_name"], person["last_name"]) not in known:
            api.post("/staff", person)
    say(f"{len(people.STAFF)} members of staff")


def _activate(api: Api, say: Callable[[str], None]) -> None:
    """Give the demo accounts their password by the road every person takes: a code, used once."""
    for login in people.LOGINS[1:]:
        if Api(api.address).try_sign_in(login.username, login.password):
            continue
        user = until(partial(_account, api, login.username), f"The account {login.username}")
        issued = api.post("/auth/activation-codes", {"user_ids": [user["id"]], "live": "replace"})
        for code in issued["codes"]:
            Api(api.address).post("/auth/activate", {"code": code["code"], "password": login.password})
        say(f"account {login.username} activated")


def _account(api: Api, username: str) -> dict[str, Any] | None:
    return next((user for user in api.get("/auth/users", search=username)["data"] if user["username"] == username), None)


def _term(
    api: Api, plan: Plan, cadets: list[dict[str, Any]], exams: tuple[str, ...], today: date, say: Callable[[str], None]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Make the term and what happened in it so far; return it with the training days already held."""
    term = next((term for term in api.all("/terms") if term["name"] == plan.name), None)
    if term is None:
        ends_on = plan.first_day + plan.days * WEEK
        term = api.post(
            "/terms",
            {
                "name": plan.name,
                "school_year": plan.school_year,
                "semester": plan.semester,
                "starts_on": plan.first_day.isoformat(),
                "ends_on": ends_on.isoformat(),
            },
        )
    days = _training_days(api, term, plan)
    held = [day for day in days if date.fromisoformat(day["date"]) <= today]
    for number, day in enumerate(held):
        _send(api, "/attendance/marks", "marks", facts.marks(day, cadets, number))
        _send(api, "/merits/records", "records", facts.conduct(term, day, cadets, number))
    for number, exam in enumerate(exams, start=1):
        _scores(api, term, exam, held[min(len(held) - 1, number * len(held) // 3)], cadets)
    say(f"{term['name']}: {len(days)} training days, {len(held)} of them held")
    return term, held


def _training_days(api: Api, term: dict[str, Any], plan: Plan) -> list[dict[str, Any]]:
    days = api.all("/training-days", term_id=term["id"])
    if not days:
        series = {
            "term_id": term["id"],
            "starts_on": plan.first_day.isoformat(),
            "count": plan.days,
            "weekday": "saturday",
            "title_pattern": "Training Day {n}",
        }
        days = api.post("/training-days/series", series)["created"]
    return sorted(days, key=lambda day: day["date"])


def _scores(api: Api, term: dict[str, Any], exam: str, day: dict[str, Any], cadets: list[dict[str, Any]]) -> None:
    _send(api, "/exams/scores", "scores", facts.scores(term, exam, date.fromisoformat(day["date"]), cadets))


def _send(api: Api, path: str, name: str, records: Any) -> None:
    for batch in batches(records, BATCH):
        answer = api.post(path, {name: batch})
        if answer["rejected"]:
            raise LocalError(f"{path} rejected {len(answer['rejected'])} records, the first: {answer['rejected'][0]}")
