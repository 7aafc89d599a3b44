"""Media over HTTP, with its files in a folder of the test."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import text

from libs.data.db import transaction


@pytest.fixture
def media(client_of):
    """A test client of media, its tables empty."""
    return client_of("media")


@pytest.fixture
def stored_files(service_app):
    """A function -> every file that lies in the store's folder, half-received ones too."""
    root: Path = service_app("media").config["RGMS"].data_dir / "files"
    for path in root.rglob("*"):
        if path.is_file():
            path.unlink()
    return lambda: sorted(path for path in root.rglob("*") if path.is_file())


@pytest.fixture
def upload(media, people):
    """A function (data, name, headers=staff, **form) -> the answer to an upload."""

    def send(data: bytes, name: str = "letter.pdf", headers=None, content_type: str | None = None, client=media, **form):
        part = (BytesIO(data), name, content_type) if content_type else (BytesIO(data), name)
        return client.post("/api/v1/files/upload", data={"file": part, **form}, headers=headers or people.staff())

    return send


@pytest.fixture
def age_files():
    """A function (app) that makes every stored file an hour old."""

    def age(app) -> None:
        with app.app_context(), transaction() as session:
            session.execute(text("UPDATE media.file SET created_at = created_at - interval '1 hour'"))

    return age
