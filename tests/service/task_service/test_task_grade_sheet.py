"""The grade sheet from the order to the download: real grading, media and worker, nothing between them pretended."""

from __future__ import annotations

from contextlib import ExitStack
from io import BytesIO

import openpyxl
import pytest
import websocket

from grading_service.app import create_app as grading_process
from libs.contracts.events.messaging import NOTIFICATION_CREATED
from libs.web.app import start_background, stop_background
from media_service.app import create_app as create_media
from media_service.config import load as load_media
from task_service.documents.grade_sheet_xlsx import HEADER_ROW
from tests.service.grading_service.grading_api import GradingApi
from tests.service.realtime_service.conftest import ADMIN, STAFF, start_sockets
from tests.support.cloudinary_server import CloudinaryServer
from tests.support.served import served
from tests.support.waiting import until


@pytest.fixture
def grading_api(service_app, people):
    """A term with six cadets: one complete, one with marks only, the others without any fact."""
    app = service_app("grading")
    grading_api = GradingApi(app, app.test_client(), people)
    grading_api.cadets(*range(1, 6))
    grading_api.cadets(6, last_name="Peñaflor", first_name="=Niño")
    grading_api.term_id = grading_api.term()
    days = grading_api.days(grading_api.term_id, 2)
    for day in days:
        grading_api.mark(day, 1)
        grading_api.mark(day, 2)
    for exam in ("prelim", "midterm", "final"):
        grading_api.score(grading_api.term_id, 1, exam, "80")
    return grading_api


@pytest.fixture
def grading_and_media(grading_api, client_of, worker):
    """Grading and media served, and a worker that knows their addresses; yields (grading, media client)."""
    media = client_of("media")
    with served(grading_api.app) as grading_url, served(media.application) as media_url:
        worker(GRADING_URL=grading_url, MEDIA_URL=media_url)
        yield grading_api, media


@pytest.fixture
def ordered(tasks, people, ended):
    """A function (term_id, format, company) -> the ended job of a grade sheet that staff member 2 ordered."""

    def send(term_id: int, form: str, company: str | None = None) -> dict:
        order = {"kind": "grade_sheet", "term_id": term_id, "format": form, "company": company}
        answer = tasks.post("/api/v1/reports", json=order, headers=people.staff())
        assert answer.status_code == 202, answer.text
        return ended(answer.json["task_id"])

    return send


@pytest.mark.requirement("11.2", "11.4", "3.3")
def test_a_grade_sheet_as_excel_says_what_the_gradebook_says(grading_and_media, ordered, people, sql):
    grading_api, media = grading_and_media
    job = ordered(grading_api.term_id, "xlsx")
    assert job["status"] == "succeeded", job
    result = job["result"]
    assert result["name"].endswith(".xlsx") and result["rows"] == 6
    answer = media.get(f"/api/v1/files/{result['file_id']}/download", headers=people.staff())
    assert len(answer.data) == result["size"]
    page = openpyxl.load_workbook(BytesIO(answer.data)).active
    rows = list(page.iter_rows(min_row=HEADER_ROW + 1, max_row=HEADER_ROW + 6, values_only=True))
    book = grading_api.get(f"/grading/gradebook?term_id={grading_api.term_id}&page_size=100")["data"]
    assert [row[1] for row in rows] == [entry["student_id"] for entry in book]
    assert [row[2] for row in rows] == [entry["name"] for entry in book]
    for row, entry in zip(rows, book, strict=True):
        for column, key in ((5, "attendance"), (6, "aptitude"), (7, "subject"), (8, "final"), (9, "transmuted")):
            unknown = "open" if key == "transmuted" and entry["state"] == "provisional" else "–"
            expected = unknown if entry[key] is None else float(entry[key])
            assert row[column] == expected, (key, entry)
    complete = next(row for row in rows if row[11] == "Complete")
    assert complete[10] in {"Passed", "Failed"}
    assert "Nothing recorded yet" in {row[10] for row in rows}
    steps = [event["data"]["progress"] for event in sql("SELECT data FROM ops.outbox ORDER BY id")]
    assert steps == sorted(steps) and steps[-1] == 100 and len(steps) >= 5


@pytest.mark.requirement("11.2")
def test_a_grade_sheet_of_one_company_as_pdf_is_for_staff_only(grading_and_media, ordered, people):
    grading_api, media = grading_and_media
    job = ordered(grading_api.term_id, "pdf", "Alpha")
    assert job["status"] == "succeeded", job
    assert job["result"]["rows"] == 3
    address = f"/api/v1/files/{job['result']['file_id']}/download"
    answer = media.get(address, headers=people.staff(user_id=77))
    assert answer.data.startswith(b"%PDF-") and answer.content_type == "application/pdf"
    assert "Alpha" in answer.headers["Content-Disposition"]
    assert media.get(address, headers=people.cadet()).status_code == 404


@pytest.mark.requirement("3.6")
@pytest.mark.parametrize(("form", "magic"), [("xlsx", b"PK"), ("pdf", b"%PDF-")])
def test_a_file_that_the_worker_makes_lies_in_cloudinary(
    grading_api, service_app, make_settings, worker, ordered, people, form, magic
):
    service_app("media")
    cloud = CloudinaryServer()
    with served(cloud.application) as cloud_url, served(grading_api.app) as grading_url:
        media = create_media(make_settings("media"), load_media({"CLOUDINARY_URL": cloud.url(cloud_url)}))
        with served(media) as media_url:
            worker(GRADING_URL=grading_url, MEDIA_URL=media_url)
            job = ordered(grading_api.term_id, form)
        assert job["status"] == "succeeded", job
        (stored,) = cloud.files.values()
        assert stored.startswith(magic) and len(stored) == job["result"]["size"]
        address = f"/api/v1/files/{job['result']['file_id']}/download"
        assert media.test_client().get(address, headers=people.staff()).data == stored
    assert next(path for path, _ in cloud.seen) == "/v1_1/rgms-test/raw/upload"


@pytest.mark.requirement("12.2", "12.3")
@pytest.mark.parametrize(
    ("exists", "kind", "message"),
    [
        (True, "report_ready", "Your grade sheet is ready."),
        (False, "report_failed", "Your grade sheet could not be made. There is no such term."),
    ],
)
def test_who_ordered_a_sheet_is_told_on_every_screen_how_it_ended(
    grading_api, service_app, client_of, worker, ordered, people, redis_url, exists, kind, message
):
    realtime = service_app("realtime")
    with ExitStack() as stack:
        sockets = start_sockets(redis_url, stack)
        start_background(realtime)
        stack.callback(stop_background, realtime)
        phone, laptop = sockets.connect(STAFF, "notifications"), sockets.connect(STAFF, "updates")
        other = sockets.connect(ADMIN, "notifications")
        apps = {"GRADING_URL": grading_api.app, "MEDIA_URL": client_of("media").application, "REALTIME_URL": realtime}
        worker(**{name: stack.enter_context(served(app)) for name, app in apps.items()})

        job = ordered(grading_api.term_id if exists else 999_999, "xlsx")

        for screen in (phone, laptop):
            told = screen.next_of(NOTIFICATION_CREATED)["data"]
            assert (told["id"], told["user_id"], told["kind"], told["message"]) == (job["id"], STAFF.user_id, kind, message)
        listed = realtime.test_client().get("/api/v1/notifications", headers=people.staff()).json["data"]
        assert [row["message"] for row in listed] == [message]
        other.ws.settimeout(0.5)
        with pytest.raises(websocket.WebSocketTimeoutException):
            other.next_of(NOTIFICATION_CREATED)


@pytest.mark.requirement("11.5")
def test_a_sheet_of_a_term_that_does_not_exist_fails_at_once_and_says_so(grading_and_media, ordered):
    job = ordered(999_999, "xlsx")
    assert (job["status"], job["attempts"]) == ("failed", 1)
    assert job["error"] == {"code": "term_not_found", "message": "There is no such term."}


@pytest.mark.requirement("3.4")
def test_a_sheet_waits_for_a_service_that_is_down(grading_api, client_of, worker, tasks, people, job, ended):
    media = client_of("media")
    with served(grading_api.app) as grading_url:
        pass
    with served(media.application) as media_url:
        worker(GRADING_URL=grading_url, MEDIA_URL=media_url, JOB_RETRY_SECONDS="1")
        order = {"kind": "grade_sheet", "term_id": grading_api.term_id, "format": "xlsx"}
        job_id = tasks.post("/api/v1/reports", json=order, headers=people.staff()).json["task_id"]
        until(lambda: "Trying again" in job(job_id)["message"], "a retry is told")
        with served(grading_api.app, port=int(grading_url.rsplit(":", 1)[1])):
            done = ended(job_id, seconds=60)
    assert done["status"] == "succeeded" and done["attempts"] > 1


@pytest.mark.requirement("21.1", "21.4")
def test_the_housekeeping_of_auth_is_done(service_app, worker, order, ended):
    with served(service_app("auth")) as auth_url:
        worker(AUTH_URL=auth_url)
        for kind in ("cleanup_old_sessions", "cleanup_expired_tokens"):
            done = ended(order(kind, {}, None))
            assert (done["status"], done["result"]) == ("succeeded", {"deleted": 0})


@pytest.mark.requirement("21.3")
def test_attendance_is_compared_with_the_record_and_files_are_remembered(
    grading_api, client_of, make_settings, worker, order, ended
):
    media = client_of("media")
    with served(client_of("roster").application) as roster_url:
        grading_api = grading_process(make_settings("grading", ROSTER_URL=roster_url))
        with served(grading_api) as grading_url, served(media.application) as media_url:
            worker(GRADING_URL=grading_url, MEDIA_URL=media_url)
            done = ended(order("sync_attendance", {}, None), seconds=60)
    assert done["status"] == "succeeded", done
    assert set(done["result"]) == {"cadets_mended", "terms_checked", "grades_mended", "files_requested"}
    assert (done["result"]["terms_checked"], done["result"]["grades_mended"]) == (1, 0)
