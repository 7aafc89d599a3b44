"""The import rules of the house, read from the syntax trees: a test, not a hope."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("auth_service", "roster_service", "grading_service", "media_service", "realtime_service", "task_service", "gateway")
THIRD_PARTY_IN_DOMAIN = {
    "media_service": {"filetype"},
    "auth_service": {"bcrypt"},
}
PURE_LIBS = ("libs.contracts", "libs.web.errors", "libs.ids", "libs.clock")
FRAMEWORKS = {"flask", "sqlalchemy", "redis", "celery", "gevent", "marshmallow", "psycopg2"}
IMPURE_STDLIB = {"random", "os", "time", "secrets", "socket", "threading"}


@dataclass(frozen=True)
class Module:
    """A parsed file: its dotted name, path and the absolute names it imports."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def imports(self) -> list[str]:
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                found += [f"{node.module}.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = self.name.split(".")[: -node.level]
                found += [".".join([*base, node.module or "", alias.name]).replace("..", ".") for alias in node.names]
        return found


def modules() -> list[Module]:
    files = [path for top in (*SERVICES, "libs", "cli") for path in sorted((ROOT / top).rglob("*.py"))]
    kept = [path for path in files if "migrations" not in path.parts and "__pycache__" not in path.parts]
    return [
        Module(".".join(path.relative_to(ROOT).with_suffix("").parts), path, ast.parse(path.read_text("utf-8"))) for path in kept
    ]


MODULES = modules()


def layer(module: Module) -> str:
    parts = module.name.split(".")
    return parts[1] if len(parts) > 1 else ""


def breaches(rule) -> list[str]:
    return [f"{module.path.relative_to(ROOT)}: {problem}" for module in MODULES for problem in rule(module)]


def test_no_service_imports_another():
    def rule(module):
        home = module.name.split(".")[0]
        for name in module.imports:
            top = name.split(".")[0]
            if top in SERVICES and top != home and home != "cli":
                yield f"imports {name}"

    assert breaches(rule) == []


def test_libs_never_import_a_service():
    def rule(module):
        if module.name.startswith("libs."):
            # The command line is the one door that starts every service, so it names their entry points.
            if module.name.startswith(("cli", "cli.local")):
                return
            yield from (f"imports {name}" for name in module.imports if name.split(".")[0] in SERVICES)

    assert breaches(rule) == []


def test_nothing_imports_the_command_line():
    def rule(module):
        if module.name.split(".")[0] != "cli":
            yield from (f"imports {name}" for name in module.imports if name.split(".")[0] == "cli")

    assert breaches(rule) == []


def test_the_pure_libs_import_only_the_standard_library_and_each_other():
    def rule(module):
        if module.name.startswith(PURE_LIBS):
            for name in module.imports:
                if name.split(".")[0] in {"flask", "sqlalchemy", "redis", "celery", "gevent"} or (
                    name.startswith("libs.") and not name.startswith(PURE_LIBS)
                ):
                    yield f"imports {name}"

    assert breaches(rule) == []


def test_a_domain_is_pure():
    def rule(module):
        if layer(module) != "domain":
            return
        home = module.name.split(".")[0]
        allowed = {"libs", home, *THIRD_PARTY_IN_DOMAIN.get(home, set())}
        for name in module.imports:
            top = name.split(".")[0]
            if (top == "libs" and not name.startswith(("libs.contracts", "libs.web.errors"))) or (
                top == home and not name.startswith(f"{home}.domain")
            ):
                yield f"imports {name}"
            elif top in IMPURE_STDLIB and home not in {"auth_service"}:
                yield f"imports {name}: a rule has no clock, chance or environment"
            elif top in FRAMEWORKS - allowed:
                yield f"imports {name}"

    assert breaches(rule) == []


@pytest.mark.parametrize(
    ("where", "forbidden"),
    [
        ("routes", ("models", "domain")),
        ("schemas", ("models", "operations", "queries", "access")),
        ("queries", ("operations", "routes", "schemas")),
        ("operations", ("routes", "schemas")),
        ("ledger", ("routes", "schemas")),
        ("models", ("operations", "queries", "routes", "schemas", "domain", "access")),
        ("access", ("operations", "routes", "schemas")),
    ],
)
def test_a_layer_imports_only_downwards(where, forbidden):
    def rule(module):
        if layer(module) != where:
            return
        home = module.name.split(".")[0]
        for name in module.imports:
            if name.startswith(tuple(f"{home}.{other}" for other in forbidden)):
                yield f"imports {name}"

    assert breaches(rule) == []


def test_the_request_is_read_in_routes_only():
    """What an operation goes by stands in its arguments; ten of them read If-Match behind their caller's back."""
    below = {"operations", "queries", "access", "domain", "ledger", "models", "schemas"}
    readers = {
        "flask.request", "flask.g", "libs.web.etag.if_match", "libs.web.auth.current_principal", "libs.web.auth.client_address",
    }  # fmt: skip

    def rule(module):
        if layer(module) in below and module.name.split(".")[0] in SERVICES:
            for name in module.imports:
                if name in readers or name.endswith("client_info.current_client_info"):
                    yield f"imports {name}: take it as an argument, and read it in the route"

    assert breaches(rule) == []


def test_an_operation_is_handed_the_time():
    """Signing in takes its own: it may wait in line for its hash, and a wrong password counts from when it was known."""

    def rule(module):
        if module.name == "auth_service.operations.login":
            return
        if module.name.split(".")[0] in SERVICES and layer(module) in {"operations", "queries", "ledger", "access"}:
            yield from (f"imports {name}: take `now`" for name in module.imports if name.startswith("libs.clock"))

    assert breaches(rule) == []


def test_nothing_is_imported_inside_a_function():
    def rule(module):
        for node in ast.walk(module.tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                for inner in ast.walk(node):
                    if isinstance(inner, (ast.Import, ast.ImportFrom)):
                        yield f"line {inner.lineno}"

    assert breaches(rule) == []


def test_the_environment_is_read_in_config_modules_only():
    def rule(module):
        if module.name.endswith(".config") or module.name.startswith(("cli", "cli.local")):
            return
        for node in ast.walk(module.tree):
            # A request has an environ too, which is another thing.
            if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"} and getattr(node.value, "id", "") == "os":
                yield f"line {node.lineno}"
            if isinstance(node, ast.ImportFrom) and node.module == "os" and {"environ", "getenv"} & {n.name for n in node.names}:
                yield f"line {node.lineno}"

    assert breaches(rule) == []


def test_only_the_database_door_commits():
    def rule(module):
        if module.name == "libs.data.db" or module.name == "libs.data.migrations" or module.name.startswith("cli.testing"):
            return
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"commit", "rollback"}:
                yield f"line {node.lineno}"

    assert breaches(rule) == []


def test_events_are_recorded_in_operations_only():
    def rule(module):
        if layer(module) in {"operations", "ledger"} or module.name.startswith("libs."):
            return
        for node in ast.walk(module.tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "record"
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "outbox"
            ):
                yield f"line {node.lineno}"

    assert breaches(rule) == []


def test_no_datetime_is_naive():
    def rule(module):
        for node in ast.walk(module.tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            bare_now = node.func.attr == "now" and not node.args and not node.keywords
            if getattr(node.func.value, "id", "") == "datetime" and (bare_now or node.func.attr == "utcnow"):
                yield f"line {node.lineno}"

    assert breaches(rule) == []


def test_no_junk_drawer():
    banned = {"utils", "helpers", "common", "misc"}
    assert [str(module.path.relative_to(ROOT)) for module in MODULES if banned & set(module.name.split("."))] == []


def test_modules_stay_small():
    too_long = {
        str(module.path.relative_to(ROOT)): length
        for module in MODULES
        if (length := len(module.path.read_text("utf-8").splitlines())) > 350
    }
    assert too_long == {}
