"""Which RGMS this is."""

from __future__ import annotations

import contextlib
import subprocess

from cli.local.config import ROOT
from libs.config import VERSION


def rgms_version() -> str:
    """Return the version, with the commit where this is a checkout."""
    command = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    with contextlib.suppress(OSError):
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode == 0:
            return f"{VERSION} ({done.stdout.strip()})"
    return VERSION
