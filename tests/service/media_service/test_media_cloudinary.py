"""Cloudinary through its SDK, against a server that checks every signature."""

from __future__ import annotations

import pytest

from media_service.app import create_app
from media_service.config import load
from tests.support.cloudinary_server import CloudinaryServer
from tests.support.media_files import image, pdf
from tests.support.served import served


@pytest.fixture
def cloud():
    """The account, served over HTTP for the time of the test."""
    server = CloudinaryServer()
    with served(server.application) as base:
        server.base = base
        yield server


@pytest.fixture
def media_in_cloud(service_app, make_settings, cloud):
    """A client of media whose new files go to Cloudinary."""
    service_app("media")
    return create_app(make_settings("media"), load({"CLOUDINARY_URL": cloud.url(cloud.base)})).test_client()


@pytest.mark.requirement("10.2", "10.3")
def test_an_upload_goes_to_cloudinary_signed_and_private_and_comes_back(media_in_cloud, cloud, upload, people, stored_files):
    data = image("JPEG")
    body = upload(data, "photo & co.jpg", client=media_in_cloud).json
    assert list(cloud.files.values()) == [data]
    assert stored_files() == []
    answer = media_in_cloud.get(f"/api/v1/files/{body['id']}/download", headers=people.staff())
    assert (answer.status_code, answer.data) == (200, data)
    path, params = cloud.seen[0]
    assert path == "/v1_1/rgms-test/raw/upload" and params["type"] == "authenticated"
    assert "photo" not in str(params), "no name of a person's file leaves the house"


def test_a_document_of_the_worker_goes_to_cloudinary(media_in_cloud, cloud, people):
    data = pdf("Grade sheet")
    query = "id=01a1f8ea-3677-7cd5-a668-2ed5e5f49e68&name=sheet.pdf&owner_user_id=2&purpose=grade_sheet&access=staff"
    headers = people.service("worker", "media")
    answer = media_in_cloud.post(f"/internal/files?{query}", data=data, content_type="application/pdf", headers=headers)
    assert answer.status_code == 201 and list(cloud.files.values()) == [data]
    row = media_in_cloud.post(f"/internal/files/{answer.json['id']}/process", headers=headers).json
    assert row["intact"] is True


@pytest.mark.requirement("10.5")
def test_a_store_that_fails_is_answered_in_our_shape_and_leaves_no_row(media_in_cloud, cloud, upload, people):
    cloud.failing = True
    answer = upload(pdf(), client=media_in_cloud)
    assert (answer.status_code, answer.json["code"]) == (503, "storage_failed")
    assert cloud.secret not in answer.text and "signature" not in answer.text
    cloud.failing = False
    body = upload(pdf(), client=media_in_cloud).json
    cloud.failing = True
    assert media_in_cloud.get(f"/api/v1/files/{body['id']}/download", headers=people.staff()).status_code == 503
    cloud.files.clear()
    cloud.failing = False
    assert media_in_cloud.get(f"/api/v1/files/{body['id']}/download", headers=people.staff()).status_code == 404


@pytest.mark.requirement("10.5")
def test_a_wrong_secret_is_refused_by_the_store(service_app, make_settings, cloud, upload):
    service_app("media")
    url = cloud.url(cloud.base).replace(cloud.secret, "another-secret")
    client = create_app(make_settings("media"), load({"CLOUDINARY_URL": url})).test_client()
    assert upload(pdf(), client=client).json["code"] == "storage_failed"
    assert cloud.files == {}


@pytest.mark.requirement("10.5")
def test_a_store_that_is_not_there_is_a_503(service_app, make_settings, cloud, upload):
    service_app("media")
    url = cloud.url("http://127.0.0.1:9")
    client = create_app(make_settings("media"), load({"CLOUDINARY_URL": url})).test_client()
    assert upload(pdf(), client=client).status_code == 503


def test_files_stored_on_the_disk_stay_readable_after_the_change_to_cloudinary(media_in_cloud, make_settings, upload, people):
    on_disk = create_app(make_settings("media")).test_client()
    data = pdf()
    body = upload(data, client=on_disk).json
    assert media_in_cloud.get(f"/api/v1/files/{body['id']}/download", headers=people.staff()).data == data
