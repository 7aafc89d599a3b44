"""Which server is started: the newest that this machine has or can be given."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cli.local import redis_binary
from cli.local.errors import LocalError


def install(folder: Path, name: str, says: str) -> str:
    program = folder / name
    program.write_text(f"#!/bin/sh\necho '{says}'\n")
    program.chmod(0o755)
    return str(program)


@pytest.fixture
def on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of the PATH, for a virtual environment without a server and a machine without a network."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "venv"))
    return folder


def test_the_newest_on_the_path_is_used_when_it_is_as_new_as_the_packaged_one(on_path: Path) -> None:
    install(on_path, "redis-server", "Redis server v=8.2.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1")
    newest = install(on_path, "valkey-server", "Valkey server v=10.0.3 sha=00000000:0 malloc=libc bits=64 build=1")
    assert redis_binary.redis_server() == newest
    assert redis_binary.name_of(newest) == "Valkey 10.0.3"


def test_an_older_one_is_used_where_the_packaged_one_cannot_be_had(on_path: Path) -> None:
    older = install(on_path, "redis-server", "Redis server v=6.2.9 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1")
    assert redis_binary.redis_server() == older


def test_the_packaged_one_is_used_before_an_older_one(on_path: Path, tmp_path: Path) -> None:
    install(on_path, "redis-server", "Redis server v=6.2.9 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1")
    unpacked = tmp_path / "venv" / "libexec" / "rgms"
    unpacked.mkdir(parents=True)
    packaged = install(unpacked, f"valkey-server-{redis_binary.packaged_version()}", "")
    assert redis_binary.redis_server() == packaged


def test_what_does_not_say_that_it_is_a_server_is_none_and_without_any_it_is_said_what_to_do(on_path: Path) -> None:
    install(on_path, "redis-server", "command not found")
    with pytest.raises(LocalError, match="install one"):
        redis_binary.redis_server()
