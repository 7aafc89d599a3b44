"""The door: every command explains itself, and a wrong word gets a clear answer."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
import tomllib
from dataclasses import dataclass

import click
import pytest
from click.testing import CliRunner

from cli.local.config import ROOT
from cli.local.errors import in_words
from cli.main import COMMANDS, main, rgms
from libs.config import VERSION
from libs.contracts.services import SERVICES
from tests.support.terminal import converse


def invoke(*arguments):
    return CliRunner().invoke(rgms, arguments, prog_name="./rgms")


@dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def typed(monkeypatch, capsys):
    """A function (*words, **variables) -> Done: runs a command line in this process, without a terminal."""

    def run(*arguments, **variables):
        for name in ("RGMS_DATA_DIR", "DATABASE_URL", "REDIS_URL", "SECRET_KEY"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["rgms", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO())
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Done(ended.value.code or 0, printed.out, printed.err)

    return run


def in_a_shell(line, **variables):
    """Run a line of shell, in which $RGMS is the command."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "RGMS": f"{sys.executable} -m cli.main", **variables}
    return subprocess.run(["sh", "-c", line], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)


def leaves(command=rgms, path=()):
    """Yield the words of every command there is."""
    with click.Context(rgms) as ctx:
        for name in command.list_commands(ctx):
            found = command.get_command(ctx, name)
            yield (*path, name)
            if isinstance(found, click.Group):
                yield from leaves(found, (*path, name))


def test_help_names_every_command():
    result = invoke("--help")
    assert result.exit_code == 0
    assert all(name in result.output for name in COMMANDS)


@pytest.mark.parametrize("words", list(leaves()), ids=" ".join)
def test_every_command_has_help_with_an_example(words):
    result = invoke(*words, "--help")
    assert result.exit_code == 0
    assert f"Usage: ./rgms {' '.join(words)}" in result.output
    example = result.output.partition("Example")[2]
    # What an operator types most of auth's has a short form of its own.
    assert any(f"rgms {form}" in example for form in (words[0], words[-1]))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("fly",), "No such command 'fly'"),
        (("up", "--high"), "No such option '--high'"),
        (("test", "everything"), "'unit'"),
        (("serve", "kitchen"), "'gateway'"),
        (("logs", "kitchen"), "'gateway'"),
        (("logs", "-n", "many"), "'many' is not a valid integer"),
        (("create-admin",), "Missing option '--username'"),
        (("create-admin", "--username"), "requires an argument"),
        (("grading", "verfy"), "'verify'"),
        (("completion", "powershell"), "'fish'"),
    ],
)
def test_a_wrong_argument_is_answered_with_exit_code_2_and_one_line_before_anything_is_started(arguments, says, tmp_path, typed):
    done = typed(*arguments, RGMS_DATA_DIR=str(tmp_path / "data"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("rgms: ") and done.stderr.count("\n") == 1
    assert says in done.stderr
    assert not (tmp_path / "data").exists()


def test_services_lists_every_process_with_its_port(monkeypatch):
    monkeypatch.setenv("RGMS_PORT", "9100")
    output = invoke("services").output
    assert all(service.name in output for service in SERVICES)
    assert "9100" in output


def test_the_version_is_the_projects_wherever_it_stands():
    assert tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"] == VERSION
    assert invoke("--version").output.startswith(f"RGMS {VERSION}")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_told_how_to_complete(shell, typed):
    done = typed("completion", shell)
    assert done.returncode == 0
    assert "_RGMS_COMPLETE" in done.stdout


def test_the_tab_key_completes_commands_and_options(typed):
    asked = typed(_RGMS_COMPLETE="bash_complete", COMP_WORDS="rgms st", COMP_CWORD="1")
    assert asked.stdout.split() == ["plain,status", "plain,stop"]
    asked = typed(_RGMS_COMPLETE="bash_complete", COMP_WORDS="rgms create-admin --pass", COMP_CWORD="2")
    assert asked.stdout.split() == ["plain,--password-stdin"]


def test_where_nothing_runs_status_says_so_and_fails_and_stop_and_reset_have_nothing_to_do(tmp_path, typed):
    place = {"RGMS_DATA_DIR": str(tmp_path / "data")}
    told = typed("status", **place)
    assert (told.returncode, told.stdout) == (1, f"Nothing runs on {tmp_path}/data. ./rgms up starts it.\n")
    for_programs = typed("status", "--json", **place)
    assert for_programs.returncode == 1
    assert json.loads(for_programs.stdout)["running"] is False
    assert typed("stop", **place).returncode == 0
    assert typed("reset", "--yes", **place).stdout == f"Nothing is kept in {tmp_path}/data.\n"
    assert "no logs" in typed("logs", **place).stderr


def filled(folder):
    """Make a data folder as a house that was stopped leaves it, and something of somebody else's in it."""
    (folder / "postgres" / "cluster").mkdir(parents=True)
    (folder / "postgres" / "cluster" / "PG_VERSION").write_text("18\n")
    (folder / "outbox").mkdir()
    (folder / "outbox" / "1.eml").write_text("Dear cadet")
    (folder / "secret-key").write_text("x")
    (folder / "lock").touch()
    (folder / "notes.txt").write_text("mine")
    return {"RGMS_DATA_DIR": str(folder)}


def test_a_reset_says_what_is_lost_and_deletes_that_and_nothing_else(tmp_path, typed):
    place = filled(tmp_path)
    asked = typed("reset", **place)
    assert asked.returncode == 1
    assert "--yes" in asked.stderr
    assert (tmp_path / "outbox" / "1.eml").exists()

    done = typed("reset", "--yes", **place)
    assert done.returncode == 0
    for part in ("the database", "e-mails (1 file", "signing key"):
        assert part in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(("answer", "code"), [("", 1), ("n", 1), ("y", 0)])
def test_a_reset_asks_whoever_sits_at_a_terminal_and_takes_silence_for_no(answer, code, tmp_path):
    env = {"PATH": os.defpath, "PYTHONPATH": str(ROOT), **filled(tmp_path)}
    command = [sys.executable, "-m", "cli.main", "reset"]
    ended, shown = converse(command, {"Delete it?": answer}, folder=ROOT, env=env)
    assert ended == code, shown
    assert "the database" in shown
    assert (tmp_path / "outbox" / "1.eml").exists() == (code == 1)


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_a_reset_never_touches_a_server_of_ones_own(tmp_path, name, typed):
    refused = typed("reset", "--yes", **filled(tmp_path), **{name: "redis://10.0.0.1"})
    assert refused.returncode == 1
    assert f"{name} is set" in refused.stderr
    assert (tmp_path / "postgres").exists()


def test_a_command_closes_quietly_when_its_reader_has_seen_enough(tmp_path):
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "gateway.log").write_text("line\n" * 100_000)
    done = in_a_shell("$RGMS logs -n 100000 | head -n 1", RGMS_DATA_DIR=str(tmp_path))
    assert (done.stdout, done.stderr) == ("gateway  | line\n", "")


@pytest.mark.parametrize("line", ["$RGMS create-admin --username ana", "$RGMS create-admin --username ana --password-stdin"])
@pytest.mark.parametrize("stdin", ["</dev/null", "<&-"])
def test_without_a_terminal_nobody_waits_for_a_password(line, stdin):
    reachable = {"DATABASE_URL": "postgresql://127.0.0.1:1/x", "REDIS_URL": "redis://127.0.0.1:1", "SECRET_KEY": "k" * 40}
    done = in_a_shell(f"{line} {stdin}", **reachable)
    assert done.returncode == 2
    assert "--password-stdin" in done.stderr and done.stderr.count("\n") == 1


def test_what_the_system_refuses_is_said_in_words(tmp_path):
    program = tmp_path / "program"
    program.write_bytes(b"\x7fELF\x02\x01\x01" + bytes(57))
    program.chmod(0o755)
    with pytest.raises(OSError) as foreign:
        subprocess.run([str(program)], check=False)
    assert foreign.value.errno == errno.ENOEXEC
    assert "another kind of machine" in in_words(foreign.value) and str(program) in in_words(foreign.value)

    with pytest.raises(OSError) as full, open("/dev/full", "wb", buffering=0) as device:
        device.write(b"x")
    assert "disk is full" in in_words(full.value)

    forbidden = PermissionError(errno.EACCES, "Permission denied", "/var/lib/rgms/lock")
    assert "This user may not do that: /var/lib/rgms/lock" in in_words(forbidden)

    with pytest.raises(OSError) as missing:
        (tmp_path / "nowhere" / "file").read_text()
    assert in_words(missing.value) == f"No such file or directory: {tmp_path}/nowhere/file"


def test_commands_mean_the_same_folder_from_wherever_they_are_typed(tmp_path, monkeypatch, typed):
    here = typed("status")
    monkeypatch.chdir(tmp_path)
    assert typed("status") == here
    assert str(ROOT) in here.stdout


def test_a_data_folder_that_is_a_file_is_named(tmp_path, typed):
    (tmp_path / "data").write_text("")
    done = typed("migrate", RGMS_DATA_DIR=str(tmp_path / "data"))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and str(tmp_path / "data") in done.stderr
