"""How a browser's refresh token travels: in a cookie that no script can read, named by a handle that only its own page knows."""

from __future__ import annotations

import re

HANDLE_HEADER = "X-Session-Handle"
"""Sent by a page with sign-in, refresh and sign-out. Another site's page can neither know the handle nor send the header."""
COOKIE_PREFIX = "rgms_refresh_"
OF_TAB = "tab-"
HANDLE_PATTERN = r"^(device|tab)-[A-Za-z0-9_-]{16,43}$"


def is_handle(text: str) -> bool:
    """Return whether `text` may name a sign-in.

    `device-` and random letters is kept for the life of its refresh token, `tab-` until the browser is closed; a page keeps
    the handle where it is to live as long.
    """
    return "\n" not in text and re.match(HANDLE_PATTERN, text) is not None
