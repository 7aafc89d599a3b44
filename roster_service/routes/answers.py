"""Answers that carry a version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from libs.web.etag import etag_for
from libs.web.jsonio import json_response


def versioned(row: Mapping[str, Any], status: int = 200) -> Response:
    """Return a row as JSON with its version as the ETag."""
    return json_response(row, status, {"ETag": etag_for(row["version"])})
