"""Who may have a file, how it is handed out, and how it is taken away and brought back."""

from __future__ import annotations

import uuid

import pytest

from libs.web.auth import revoked_key
from tests.support.media_files import image, pdf

DATA = pdf()


@pytest.fixture
def own(stored_files, upload):
    """A file of staff member 2."""
    return upload(DATA, "Excuse of Peñaflor.pdf").json


@pytest.fixture
def document(media, people):
    """A function (access, owner) -> a document that the worker stored for somebody."""

    def store(access: str = "staff", owner: int = 2, file_id: str | None = None, data: bytes = DATA):
        query = {"id": file_id or str(uuid.uuid4()), "name": "sheet.pdf", "owner_user_id": owner, "purpose": "grade_sheet"}
        return media.post(
            "/internal/files",
            query_string=query | {"access": access},
            data=data,
            content_type="application/pdf",
            headers=people.service("worker", "media"),
        )

    return store


@pytest.mark.requirement("10.3")
def test_the_owner_downloads_exactly_the_bytes_as_an_attachment(media, people, own):
    answer = media.get(f"/api/v1/files/{own['id']}/download", headers=people.staff())
    assert (answer.status_code, answer.data, answer.content_type) == (200, DATA, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''Excuse%20of%20Pe%C3%B1aflor.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "private" in answer.headers["Cache-Control"]


def test_a_part_of_a_file_can_be_asked_for(media, people, own):
    headers = people.staff() | {"Range": "bytes=5-9"}
    answer = media.get(f"/api/v1/files/{own['id']}/download", headers=headers)
    assert (answer.status_code, answer.data) == (206, DATA[5:10])


def test_a_file_already_known_is_not_sent_again(media, people, own):
    headers = people.staff() | {"If-None-Match": f'"{own["sha256"]}"'}
    assert media.get(f"/api/v1/files/{own['id']}/download", headers=headers).status_code == 304


@pytest.mark.requirement("9.3")
@pytest.mark.parametrize("path", ["", "/download", "/link", "/restore", "DELETE"])
def test_a_file_of_somebody_else_is_not_found(media, people, own, path):
    address = f"/api/v1/files/{own['id']}"
    calls = {
        "": lambda who: media.get(address, headers=who),
        "/download": lambda who: media.get(f"{address}/download", headers=who),
        "/link": lambda who: media.post(f"{address}/link", headers=who),
        "/restore": lambda who: media.post(f"{address}/restore", headers=who),
        "DELETE": lambda who: media.delete(address, headers=who),
    }
    for stranger in (people.cadet(7), people.staff(user_id=99)):
        assert calls[path](stranger).status_code == 404
    assert calls[path]({}).status_code == 401
    assert calls[path](people.admin()).status_code in {200, 204}


def test_a_report_is_for_all_staff_and_for_no_cadet(media, people, document):
    file_id = document("staff", owner=2).json["id"]
    address = f"/api/v1/files/{file_id}/download"
    assert media.get(address, headers=people.staff(user_id=99)).status_code == 200
    assert media.get(address, headers=people.cadet(7)).status_code == 404
    assert media.delete(f"/api/v1/files/{file_id}", headers=people.staff(user_id=99)).status_code == 404


def test_a_cadet_has_the_documents_made_for_that_cadet(media, people, document):
    file_id = document("owner", owner=1007).json["id"]
    assert media.get(f"/api/v1/files/{file_id}/download", headers=people.cadet(7)).status_code == 200
    assert media.get(f"/api/v1/files/{file_id}/download", headers=people.cadet(8)).status_code == 404


def test_a_signed_link_works_without_a_token_and_only_for_its_file(media, people, own, upload):
    link = media.post(f"/api/v1/files/{own['id']}/link", headers=people.staff()).json
    assert media.get(link["url"]).data == DATA
    other = upload(image("PNG"), "b.png").json["id"]
    assert media.get(link["url"].replace(own["id"], other)).json["code"] == "link_invalid"
    assert media.get(link["url"][:-3]).status_code == 403
    assert media.get(f"/api/v1/files/{own['id']}/download?signature=").status_code == 422


def test_a_deleted_file_is_gone_for_links_too_and_comes_back_whole(media, people, own):
    link = media.post(f"/api/v1/files/{own['id']}/link", headers=people.staff()).json["url"]
    address = f"/api/v1/files/{own['id']}"
    for _twice in range(2):
        assert media.delete(address, headers=people.staff()).status_code == 204
    assert media.get(address, headers=people.staff()).status_code == 404
    assert media.get(link).status_code == 404
    assert media.post(f"{address}/restore", headers=people.staff()).json["deleted_at"] is None
    assert media.get(link).data == DATA


def test_a_document_stored_twice_under_one_id_is_one_file(document, stored_files):
    file_id = str(uuid.uuid4())
    first, second = document(file_id=file_id), document(file_id=file_id, data=pdf("another try"))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json == second.json and len(stored_files()) == 1


@pytest.mark.requirement("9.3")
def test_internal_doors_open_for_services_only(media, people):
    for who in (people.admin(), people.service("worker", "grading"), {}):
        assert media.post("/internal/files", headers=who).status_code == 401
        assert media.post("/internal/files/request-processing", headers=who).status_code == 401


@pytest.mark.requirement("10.4")
def test_processing_notes_the_size_of_an_image_and_finds_damage(media, people, upload, stored_files):
    file_id = upload(image("WEBP", 120, 80), "photo.webp").json["id"]
    internal = people.service("worker", "media")
    row = media.post(f"/internal/files/{file_id}/process", headers=internal).json
    assert (row["width"], row["height"], row["intact"]) == (120, 80, True)
    (path,) = stored_files()
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert media.post(f"/internal/files/{file_id}/process", headers=internal).json["intact"] is False


def test_a_file_whose_bytes_are_lost_is_said_so(media, people, own, stored_files):
    stored_files()[0].unlink()
    answer = media.get(f"/api/v1/files/{own['id']}/download", headers=people.staff())
    assert (answer.status_code, answer.json["code"]) == (404, "file_content_missing")


@pytest.mark.requirement("20.1")
@pytest.mark.parametrize("file_id", ["1", "x", "..%2f..%2fetc%2fpasswd", "00000000-0000-0000-0000-000000000000", "%00"])
def test_an_id_that_is_none_is_not_found(media, people, file_id):
    for path in (f"/api/v1/files/{file_id}", f"/api/v1/files/{file_id}/download"):
        assert media.get(path, headers=people.admin()).status_code == 404


def test_a_link_ends_with_the_sign_in_that_asked_for_it(media, people, own, redis_client):
    mine, other = (
        media.post(f"/api/v1/files/{own['id']}/link", headers=who).json["url"] for who in (people.staff(), people.admin())
    )
    redis_client.set(revoked_key("sid-2"), 1, ex=900)

    refused = media.get(mine)
    assert (refused.status_code, refused.json["code"]) == (403, "link_expired")
    assert media.get(other).data == DATA
