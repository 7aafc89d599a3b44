"""Uploads over HTTP: judged, stored whole or not at all, followed by a background job."""

from __future__ import annotations

import hashlib
import os
import resource
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO

import pytest
from urllib3 import encode_multipart_formdata

from libs.contracts.tasks import PROCESS_FILE
from media_service.app import create_app
from tests.support.media_files import image, pdf, png_claiming, xlsx
from tests.support.served import served


@pytest.mark.requirement("10.1", "10.3", "20.2")
def test_an_upload_is_stored_and_described(upload, stored_files):
    data = pdf()
    answer = upload(data, "Excuse of Peñaflor.pdf", content_type="application/pdf", purpose="excuse")
    assert answer.status_code == 201
    body = answer.json
    assert (body["name"], body["content_type"], body["size"]) == ("Excuse of Peñaflor.pdf", "application/pdf", len(data))
    assert body["sha256"] == hashlib.sha256(data).hexdigest()
    assert (body["owner_user_id"], body["access"], body["purpose"]) == (2, "owner", "excuse")
    assert [path.read_bytes() for path in stored_files()] == [data]
    assert all(body["name"] not in str(path) for path in stored_files())


@pytest.mark.requirement("10.1", "10.5", "20.2")
@pytest.mark.parametrize(
    ("data", "name", "content_type", "status", "code"),
    [
        (b"", "a.pdf", None, 422, "file_empty"),
        (b"<html><script>alert(1)</script>", "a.txt", "text/plain", 415, "content_refused"),
        (b"<svg onload=alert(1)>", "a.svg", "image/svg+xml", 415, "content_refused"),
        (b"MZ\x90\x00" + b"\x00" * 99, "a.pdf", "application/pdf", 415, "content_refused"),
        (image("JPEG"), "a.png", "image/png", 415, "type_mismatch"),
        (pdf(), "a.pdf", "text/html", 415, "type_mismatch"),
        (png_claiming(60_000, 60_000), "a.png", "image/png", 413, "image_too_large"),
        (b"x" * (10 * 1024 * 1024 + 1), "a.txt", "text/plain", 413, "file_too_large"),
        (b"x" * (11 * 1024 * 1024), "a.txt", "text/plain", 413, "too_large"),
        (image("PNG", 1700, 1300), "a.png", "image/png", 413, "file_too_large"),
    ],
)
def test_a_refused_upload_says_why_and_leaves_nothing(upload, stored_files, data, name, content_type, status, code):
    answer = upload(data, name, content_type=content_type)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert set(answer.json) == {"error", "message", "code", "details", "request_id"}
    assert stored_files() == []


@pytest.mark.requirement("10.5", "20.1")
@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 422),
        ({"file": "just text"}, 422),
        ({"url": "http://127.0.0.1:18999/internal"}, 422),
        ({"purpose": "x"}, 422),
    ],
)
def test_an_upload_without_a_file_is_refused_and_no_address_is_ever_fetched(media, people, form, status):
    answer = media.post("/api/v1/files/upload", data=form, headers=people.staff(), content_type="multipart/form-data")
    assert answer.status_code == status, answer.json
    assert answer.json["code"] == "invalid_fields"


@pytest.mark.requirement("20.1")
@pytest.mark.parametrize("purpose", ["A b", "<script>", "x" * 60, "nul\x00"])
def test_a_strange_purpose_is_refused(upload, purpose):
    answer = upload(pdf(), purpose=purpose)
    assert (answer.status_code, list(answer.json["details"])) == (422, ["purpose"])


def test_a_body_that_is_no_form_is_refused(media, people):
    answer = media.post("/api/v1/files/upload", data=b"{}", content_type="application/json", headers=people.staff())
    assert answer.status_code == 422


@pytest.mark.requirement("9.4")
def test_only_who_may_upload_uploads(media, people, upload, stored_files):
    assert upload(pdf(), headers=people.cadet()).status_code == 403
    assert media.post("/api/v1/files/upload", data={}).status_code == 401
    assert stored_files() == []
    assert upload(pdf(), headers=people.admin()).status_code == 201


def test_an_upload_repeated_with_its_key_is_stored_once(upload, people, stored_files):
    headers, data = people.staff() | {"Idempotency-Key": "upload-1"}, pdf()
    first, second = upload(data, headers=headers), upload(data, headers=headers)
    assert first.json == second.json and len(stored_files()) == 1
    assert upload(xlsx(), "other.xlsx", headers=headers).json["code"] == "idempotency_key_reused"


@contextmanager
def disk_of(size: int):
    """Let no file of this process grow beyond `size` bytes: a real write then fails as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.requirement("10.5")
@pytest.mark.parametrize("size", [200_000, 3_000_000])
def test_a_full_disk_is_answered_clearly_and_nothing_half_written_stays(upload, media, people, stored_files, size):
    """The smaller file fails in our folder, the larger one already while the form is received."""
    # Encoded here: the test client would itself write a large form to the full disk.
    body, content_type = encode_multipart_formdata({"file": ("big.txt", b"x" * size, "text/plain")})
    with disk_of(100_000):
        answer = media.post("/api/v1/files/upload", data=body, content_type=content_type, headers=people.staff())
    assert (answer.status_code, answer.json["code"]) == (503, "storage_full")
    assert int(answer.headers["Retry-After"]) > 0
    assert stored_files() == []
    assert upload(b"x" * size, "big.txt").status_code == 201


@pytest.mark.requirement("10.5")
def test_bytes_are_taken_back_when_their_row_cannot_be_written(upload, stored_files, as_owner):
    with broken_table(as_owner):
        answer = upload(pdf())
    assert (answer.status_code, answer.json["code"]) == (409, "conflict")
    assert stored_files() == []
    assert upload(pdf()).status_code == 201


@contextmanager
def broken_table(as_owner):
    """Make PostgreSQL refuse every new row of media.file."""
    as_owner("ALTER TABLE media.file ADD CONSTRAINT refuse_all CHECK (false) NOT VALID")
    try:
        yield
    finally:
        as_owner("ALTER TABLE media.file DROP CONSTRAINT refuse_all")


def test_what_a_killed_process_left_half_received_is_cleared_at_the_next_start(make_settings, tmp_path):
    settings = make_settings("media")
    folder = settings.data_dir / "files" / ".incoming"
    folder.mkdir(parents=True)
    old, fresh = folder / "old.part", folder / "fresh.part"
    for path in (old, fresh):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))
    create_app(settings)
    assert (old.exists(), fresh.exists()) == (False, True)


@pytest.mark.requirement("10.4", "11.3")
def test_an_upload_queues_its_processing(service_app, make_settings, people, upload):
    service_app("media")
    tasks = service_app("tasks")
    with served(tasks) as url:
        client = create_app(make_settings("media", TASKS_URL=url)).test_client()
        answer = upload(image("PNG"), "photo.png", client=client)
    assert answer.status_code == 201
    jobs = tasks.test_client().get("/api/v1/tasks", headers=people.staff()).json
    assert [(job["kind"], job["status"]) for job in jobs["data"]] == [(PROCESS_FILE.kind, "queued")]


@pytest.mark.requirement("10.4")
def test_processing_is_asked_for_again_when_the_tasks_service_was_down(service_app, make_settings, people, upload, age_files):
    media, tasks = service_app("media"), service_app("tasks")
    assert upload(pdf()).status_code == 201
    age_files(media)
    with served(tasks) as url:
        client = create_app(make_settings("media", TASKS_URL=url)).test_client()
        internal = people.service("worker", "media")
        for _twice in range(2):
            assert client.post("/internal/files/request-processing", headers=internal).json == {"requested": 1}
    assert tasks.test_client().get("/api/v1/tasks", headers=people.staff()).json["total"] == 1


class Arriving(BytesIO):
    """A body whose first byte is given out only when another body has come as far."""

    def __init__(self, data: bytes, together: threading.Barrier) -> None:
        super().__init__(data)
        self._together = together

    def readinto(self, target) -> int:
        if self.tell() == 0:
            self._together.wait(10)
        return super().readinto(target)


def test_twins_of_a_document_that_arrive_at_once_leave_one_file(service_app, people, stored_files):
    app = service_app("media")
    together, data = threading.Barrier(2), pdf("Grade sheet")
    query = "id=01a1f8ea-3677-7cd5-a668-2ed5e5f49e68&name=sheet.pdf&owner_user_id=2&purpose=grade_sheet&access=staff"
    headers = people.service("worker", "media") | {"Content-Length": str(len(data))}

    def store(_number: int):
        body = Arriving(data, together)
        return app.test_client().post(
            f"/internal/files?{query}", input_stream=body, content_type="application/pdf", headers=headers
        )

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(store, range(2)))

    assert sorted(answer.status_code for answer in answers) == [200, 201]
    assert answers[0].json["id"] == answers[1].json["id"]
    assert [path.read_bytes() for path in stored_files()] == [data]


@pytest.mark.parametrize("allowance", [{"MEDIA_DAY_FILES": "2"}, {"MEDIA_DAY_MB": "1"}])
def test_an_account_sends_so_much_a_day_and_another_account_still_may(upload, people, make_settings, monkeypatch, allowance):
    for name, value in allowance.items():
        monkeypatch.setenv(name, value)
    client = create_app(make_settings("media")).test_client()
    data = b"remarks, " * 70_000

    sent = [upload(data, f"{number}.txt", client=client).status_code for number in range(3)]
    refused = upload(data, "more.txt", client=client)

    assert sent == [201, 201, 429]
    assert (refused.json["code"], refused.headers["Retry-After"]) == ("quota_reached", "3600")
    assert upload(data, "other.txt", headers=people.staff(user_id=8), client=client).status_code == 201
