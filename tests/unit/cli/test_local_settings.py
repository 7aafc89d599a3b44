"""What the person at the keyboard set, the one house per folder, and how others find it."""

from __future__ import annotations

import contextlib
import os
import stat

import pytest

from cli.local import runner
from cli.local.config import environment, load
from cli.local.errors import LocalError
from cli.local.lock import announce, announced, occupy
from cli.local.ports import free_range, is_free
from cli.local.server import kept_secret
from libs.config import ConfigError
from libs.signing_keys import weakness


def test_nothing_needs_to_be_set():
    settings = load({})
    assert (settings.port, settings.demo, settings.database_url) == (8000, True, "")
    assert settings.data_dir.name == ".rgms"


@pytest.mark.requirement("25.4")
@pytest.mark.parametrize("name", ["RGMS_PORT", "RGMS_DEMO"])
def test_a_malformed_variable_is_named(name):
    with pytest.raises(ConfigError, match=name):
        load({name: "many"})


def test_a_dotenv_file_is_read_and_the_environment_wins_over_it(tmp_path, monkeypatch):
    file = tmp_path / ".env"
    file.write_text("# a comment\nexport RGMS_PORT=8100\nSMTP_HOST='mail.example.com'\nRGMS_DEMO=0\nnonsense\n")
    monkeypatch.setenv("RGMS_PORT", "8200")
    values = environment(file)
    assert (values["RGMS_PORT"], values["SMTP_HOST"], values["RGMS_DEMO"]) == ("8200", "mail.example.com", "0")


def test_a_second_house_on_the_same_folder_is_refused(tmp_path):
    with contextlib.ExitStack() as first:
        occupy(tmp_path, first)
        with contextlib.ExitStack() as second, pytest.raises(LocalError, match="already runs on"):
            occupy(tmp_path, second)
    with contextlib.ExitStack() as third:
        occupy(tmp_path, third)


def test_a_running_house_is_found_and_a_stopped_one_is_not(tmp_path):
    assert announced(tmp_path) is None
    with contextlib.ExitStack() as stack:
        occupy(tmp_path, stack)
        announce(tmp_path, {"REDIS_URL": "redis://x"}, stack)
        assert announced(tmp_path) == {"REDIS_URL": "redis://x"}
        assert stat.S_IMODE((tmp_path / "running.json").stat().st_mode) == 0o600
    assert announced(tmp_path) is None
    assert not (tmp_path / "running.json").exists()


@pytest.mark.requirement("25.5")
def test_the_secret_a_house_makes_for_itself_is_a_strong_one_and_stays(tmp_path):
    secret = kept_secret(tmp_path / "secret-key")
    assert weakness(secret) == ""
    assert kept_secret(tmp_path / "secret-key") == secret


def test_a_range_of_free_ports_is_free():
    base = free_range(8)
    assert all(is_free(port) for port in range(base, base + 8))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_data_of_another_user_is_refused_before_anything_is_touched(tmp_path):
    lock = tmp_path / "lock"
    lock.touch()
    os.chown(lock, 1, 1)
    with contextlib.ExitStack() as stack, pytest.raises(LocalError, match="belongs to another user"):
        occupy(tmp_path, stack)


def test_a_full_disk_is_said_before_anything_is_started(tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "LEAST_DISK", 2**60)
    stack = runner.LocalStack(tmp_path)
    with pytest.raises(LocalError, match=f"The disk of {tmp_path} is full"):
        stack.start()
    assert not (tmp_path / "postgres").exists()


def test_a_relative_data_folder_of_a_dotenv_file_counts_from_that_file(tmp_path):
    (tmp_path / ".env").write_text("RGMS_DATA_DIR=data\n")
    assert environment(tmp_path / ".env")["RGMS_DATA_DIR"] == str(tmp_path / "data")


def test_the_demo_stays_out_of_where_real_people_are_unless_it_is_asked_for():
    assert [load({"RGMS_ENV": name}).demo for name in ("development", "staging", "production")] == [True, False, False]
