"""The media service as other services see it: store a finished document for a person, read facts about a file."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from libs.clients.http import ServiceClient
from libs.config import Settings
from libs.web.errors import Invalid, NotFound, UpstreamDown


class MediaClient:
    """Stores documents that a service made and asks media to process what was uploaded."""

    def __init__(self, settings: Settings) -> None:
        self._http = ServiceClient(settings, "media")

    def store(
        self,
        file_id: UUID,
        data: bytes,
        *,
        name: str,
        content_type: str,
        owner_user_id: int,
        purpose: str,
        access: str,
        timeout: float,
    ) -> dict[str, Any]:
        """Store a document under the caller's own id and return its facts; a second time returns the first one's.

        Args:
            file_id: made by the caller, so that a repeated job leaves one document.
            data: the whole document.
            name: the file name a person sees.
            content_type: checked against the bytes.
            owner_user_id: whose file it is.
            purpose: why it exists, for example `grade_sheet`.
            access: `owner`, or `staff` for every training staff member too.
            timeout: seconds.

        Raises:
            Invalid: media refused the document.
            UpstreamDown: media did not answer, or its storage is full.
        """
        facts = {"id": file_id, "name": name, "owner_user_id": owner_user_id, "purpose": purpose, "access": access}
        status, body = self._http.post_bytes(
            f"/internal/files?{urlencode(facts, quote_via=quote)}",
            timeout=timeout,
            body=data,
            headers={"Content-Type": content_type},
        )
        if status not in (200, 201):
            raise Invalid("The document was refused by the file store.", code="document_refused", details={"answer": _code(body)})
        return body

    def process(self, file_id: UUID, *, timeout: float) -> dict[str, Any]:
        """Verify the stored bytes of a file against its checksum and note an image's size in pixels; returns its facts.

        Raises:
            NotFound: there is no such file any more.
            UpstreamDown: media did not answer.
        """
        status, body = self._http.post(f"/internal/files/{file_id}/process", timeout=timeout)
        if status == 404:
            raise NotFound()
        if status != 200:
            raise UpstreamDown(details={"service": "media", "answer": _code(body)})
        return body

    def request_processing(self, *, timeout: float) -> int:
        """Have media ask again for the processing of files that still wait for it; returns how many.

        Raises:
            UpstreamDown: media did not answer.
        """
        status, body = self._http.post("/internal/files/request-processing", timeout=timeout)
        if status != 200:
            raise UpstreamDown(details={"service": "media", "answer": _code(body)})
        return int(body["requested"])


def _code(body: Any) -> str:
    return str(body.get("code", "")) if isinstance(body, dict) else ""
