"""What can be forgotten when a table, an event or a route is added; each test says what to do."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

from cli.openapi import PROTOCOL
from cli.protocol_words import protocol
from libs.contracts.events import EVENT_TYPES
from libs.contracts.principal import PERMISSIONS, ROLES, Principal
from libs.contracts.services import LISTENING
from libs.web.auth import AUTHENTICATED, PUBLIC, SERVICE, mounts_of

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = sorted({service.package for service in LISTENING if (ROOT / service.package / "routes").is_dir()})


def test_a_blueprint_that_is_not_mounted_stops_its_service(tmp_path, monkeypatch):
    package = tmp_path / "forgetful_routes"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "things.py").write_text("blueprint = object()\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(TypeError, match=r"forgetful_routes.things: .* mount = Mount"):
        mounts_of("forgetful_routes")


@pytest.mark.parametrize("package", PACKAGES)
def test_a_mount_names_permissions_that_there_are(package):
    known = {AUTHENTICATED, PUBLIC, SERVICE, *PERMISSIONS}
    for mount in importlib.import_module(f"{package}.routes").ALL:
        assert {mount.read, mount.write} <= known, f"{mount.blueprint.name}: add it to PERMISSIONS in libs/contracts/principal.py"


def test_every_permission_is_given_to_somebody():
    people = [*(Principal(0, "", role) for role in ROLES), Principal(0, "", "staff", ("Commandant",))]
    given = {permission for person in people for permission in person.permissions}
    assert set(PERMISSIONS) - given == set(), "give these to somebody in libs/contracts/principal.py"


def test_a_cadet_holds_what_is_about_the_own_and_nothing_else():
    assert {permission for permission in Principal(0, "", "cadet").permissions if not permission.endswith(".own")} == set()


def test_the_protocol_tells_of_every_event_as_it_is_now():
    text = PROTOCOL.read_text("utf-8")
    assert [name for name in EVENT_TYPES if f"`{name}`" not in text] == [], "run ./rgms openapi"
    assert protocol(text) == text, "docs/realtime-protocol.md tells of other events than there are: run ./rgms openapi"


def test_the_error_shape_is_written_in_one_place():
    allowed = {"libs/web/errors.py", "libs/web/schemas.py", "gateway/openapi.py"}
    found = {
        str(path.relative_to(ROOT))
        for top in (*PACKAGES, "gateway", "libs")
        for path in sorted((ROOT / top).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Dict)
        and {key.value for key in node.keys if isinstance(key, ast.Constant)} >= {"error", "message", "code", "details"}
    }
    assert found - allowed == set(), "raise an AppError, or use error_body of libs/web/errors.py"
