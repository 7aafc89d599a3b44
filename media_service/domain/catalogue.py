"""The kinds of file we accept: extensions, what browsers declare for them, and how large each may be."""

from __future__ import annotations

from dataclasses import dataclass

from libs.web.errors import UnsupportedMedia
from media_service.domain.archives import DOCX, XLSX

MEGABYTE = 1024 * 1024
GENERIC = frozenset({"", "application/octet-stream", "binary/octet-stream"})


@dataclass(frozen=True)
class Kind:
    """One accepted kind of file.

    Attributes:
        content_type: the type it is stored and served as.
        extensions: those its name may carry.
        declared: further types that browsers truthfully send for it.
    """

    content_type: str
    extensions: tuple[str, ...]
    declared: tuple[str, ...] = ()

    @property
    def is_image(self) -> bool:
        """Whether the smaller limit for images holds."""
        return self.content_type.startswith("image/")


KINDS = {
    kind.content_type: kind
    for kind in (
        Kind("image/png", ("png",), ("image/x-png",)),
        Kind("image/jpeg", ("jpg", "jpeg"), ("image/jpg", "image/pjpeg")),
        Kind("image/webp", ("webp",)),
        Kind("application/pdf", ("pdf",), ("application/x-pdf",)),
        Kind(XLSX, ("xlsx",), ("application/zip",)),
        Kind(DOCX, ("docx",), ("application/zip",)),
        # Windows declares a CSV as Excel once Excel is installed.
        Kind("text/csv", ("csv",), ("text/plain", "application/csv", "application/vnd.ms-excel")),
        Kind("text/plain", ("txt",)),
    )
}
ACCEPTED = "PNG, JPEG, WebP, PDF, Excel (.xlsx), Word (.docx), CSV or plain text"


def check_claims(kind: Kind, extension: str, declared: str) -> None:
    """Refuse a file whose extension or declared type contradicts what its bytes are.

    Raises:
        UnsupportedMedia: code `type_mismatch`, naming both.
    """
    declared = declared.partition(";")[0].strip().lower()
    claims = {}
    if extension not in kind.extensions:
        claims["extension"] = extension
    if declared not in GENERIC | {kind.content_type, *kind.declared}:
        claims["declared"] = declared
    if claims:
        raise UnsupportedMedia(
            "The name or type of this file does not match what is in it. Nothing was stored.",
            code="type_mismatch",
            details={"detected": kind.content_type, **claims},
        )
