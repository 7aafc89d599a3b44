"""Where a Chromium for the browser tests comes from: the machine's own, else apt as root."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from cli.local.client import node_programs
from cli.local.config import ROOT, environment
from cli.local.errors import LocalError
from cli.local.subprocess_step import run

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ELSEWHERE = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)
# What `playwright install chromium` leaves behind, for those who did that.
PLAYWRIGHT = (".cache/ms-playwright", "Library/Caches/ms-playwright")


def chromium(say: Callable[[str], None]) -> str:
    """Return the path of a Chromium or Chrome, installing one with apt when this is root on Debian or Ubuntu.

    Raises:
        LocalError: there is none, with the line to type.
    """
    found = _find()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _install(say)
        found = _find()
    if found is None:
        raise LocalError(
            "The browser tests need Chromium; type: sudo apt-get install chromium (macOS: brew install --cask chromium)"
        )
    return found


def variables(say: Callable[[str], None]) -> dict[str, str]:
    """Return the environment variables by which the browser tests find Chromium and a Node that runs on a minimal system.

    Playwright's own Node needs libatomic, which a fresh Debian does not have.

    Raises:
        LocalError: there is no Chromium, or the packaged Node is missing.
    """
    return {"RGMS_CHROMIUM": chromium(say), "PLAYWRIGHT_NODEJS_PATH": str(node_programs() / "node")}


def _find() -> str | None:
    values = environment()
    given = values.get("RGMS_CHROMIUM", "")
    on_path = (shutil.which(name) for name in NAMES)
    downloads = (
        str(program)
        for folder in PLAYWRIGHT
        for program in sorted((Path.home() / folder).glob("chromium-*/chrome-*/chrome"), reverse=True)
    )
    installed = (str(path) for path in ELSEWHERE if path.exists())
    return next((path for path in (given, *on_path, *installed, *downloads) if path), None)


def _install(say: Callable[[str], None]) -> None:
    quietly = environment() | {"DEBIAN_FRONTEND": "noninteractive"}
    for text, arguments in (
        ("reading apt's lists", ["update", "-qq"]),
        ("installing Chromium with apt", ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"]),
    ):
        run(text, ["apt-get", *arguments], directory=ROOT, environment=quietly, log=ROOT / ".rgms-apt.log", say=say)
