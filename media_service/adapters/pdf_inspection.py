"""Has a PDF read by a process of its own, bounded in memory and time."""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
import tempfile
import threading
from typing import BinaryIO

from libs.web.errors import UpstreamDown
from media_service.domain.pdf import SCRIPTS, UNREADABLE

# The numbers of `pdf_inspector`, which this process does not import: its parser stays out of it.
_HARMLESS, _ACTIVE = 0, 10
# Each takes a core; more at once only take longer.
_MOST_AT_ONCE = 2
# Of the clock, for a machine that has much to do; the inspector itself ends after four seconds of work.
_SECONDS = 20

log = logging.getLogger(__name__)
_places = threading.BoundedSemaphore(_MOST_AT_ONCE)


def refusal_of(stream: BinaryIO) -> str:
    """Return why the PDF in `stream` (seekable) is refused, or an empty string.

    Raises:
        UpstreamDown: it could not be read in time.
    """
    stream.seek(0)
    with tempfile.TemporaryFile() as given:
        shutil.copyfileobj(stream, given)
        given.seek(0)
        if not _places.acquire(timeout=_SECONDS):
            raise _too_busy()
        try:
            ended = subprocess.run(
                [sys.executable, "-m", "media_service.pdf_inspector"],
                stdin=given,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise _too_busy() from error
        finally:
            _places.release()
    if ended.returncode == _ACTIVE:
        return SCRIPTS
    if ended.returncode != _HARMLESS:
        log.info("a PDF was not readable", extra={"exit": ended.returncode})
        return UNREADABLE
    return ""


def _too_busy() -> UpstreamDown:
    return UpstreamDown(
        "The PDF could not be checked in time. Nothing was kept of it; please send it again shortly.", retry_after=10
    )
