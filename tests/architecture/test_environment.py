"""Every variable that is read anywhere stands in .env.example, and nothing else does."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from libs.contracts.services import LISTENING

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "cli",
    "libs",
    "gateway",
    "auth_service",
    "roster_service",
    "grading_service",
    "media_service",
    "realtime_service",
    "task_service",
)
READERS = {"text", "required", "number", "flag", "listing", "get", "setdefault"}
NAME = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
# Read as a matter of course by every program, and no setting of ours.
NOT_OURS = {"PATH", "HOME", "LC_ALL"}
# What a web server tells of one request, by the same kind of name.
OF_A_REQUEST = re.compile(
    r"HTTP_\w+|CONTENT_\w+|REMOTE_\w+|QUERY_STRING|RAW_URI|PATH_INFO|REQUEST_METHOD|SCRIPT_NAME|SERVER_\w+|ETAG"
)


def _name_read_by(node: ast.AST) -> ast.expr | None:
    if isinstance(node, ast.Call) and node.args:
        called = node.func
        if isinstance(called, ast.Attribute):
            return node.args[0] if called.attr in READERS else None
        return node.args[0] if isinstance(called, ast.Name) and called.id == "Need" else None
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "environ":
        return node.slice
    return None


def read_by_python() -> dict[str, str]:
    """Return variable -> a place that reads it: the first argument of a reader, or the key of a lookup in an environment."""
    found: dict[str, str] = {}
    for path in (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            named = _name_read_by(node)
            if isinstance(named, ast.Constant) and isinstance(named.value, str) and NAME.fullmatch(named.value):
                found.setdefault(named.value, f"{path.relative_to(ROOT)}:{node.lineno}")
    return found


def read_elsewhere() -> dict[str, str]:
    """Return what the shell script, the build of the client and the tests read."""
    places = [ROOT / "rgms", ROOT / "client" / "vite.config.ts", *sorted((ROOT / "client" / "src").rglob("*.ts*"))]
    patterns = r"\$\{(RGMS_[A-Z_]+)|\b(VITE_[A-Z_]+)\b|process\.env\.([A-Z_]+)"
    found: dict[str, str] = {}
    for path in places:
        for match in re.finditer(patterns, path.read_text("utf-8")):
            found.setdefault(next(filter(None, match.groups())), str(path.relative_to(ROOT)))
    return found


def documented() -> set[str]:
    return set(re.findall(r"(?:^|\s)(?:# )?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.M))


def test_every_variable_that_is_read_is_documented_and_every_documented_one_is_read():
    addresses = {service.url_variable: "libs/config.py" for service in LISTENING}
    found = read_by_python() | read_elsewhere() | addresses
    read = {name: place for name, place in found.items() if name not in NOT_OURS and not OF_A_REQUEST.fullmatch(name)}
    unknown = {f"{name}, read in {place}, is missing in .env.example" for name, place in read.items() if name not in documented()}
    assert unknown == set()
    assert documented() - set(read) == set(), "stands in .env.example and is read nowhere"
