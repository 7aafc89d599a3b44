"""The door: every command explains itself, and a wrong word gets a clear answer."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from cli.main import COMMANDS, rgms
from libs.contracts.services import SERVICES


def invoke(*arguments):
    return CliRunner().invoke(rgms, arguments, prog_name="./rgms")


def test_help_names_every_command():
    result = invoke("--help")
    assert result.exit_code == 0
    assert all(name in result.output for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name):
    result = invoke(name, "--help")
    assert result.exit_code == 0
    assert f"Usage: ./rgms {name}" in result.output


def test_an_unknown_command_is_named():
    result = invoke("fly")
    assert result.exit_code == 2
    assert "No such command 'fly'" in result.output


def test_an_unknown_section_of_the_tests_is_answered_with_the_known_ones():
    result = invoke("test", "everything")
    assert result.exit_code == 2
    assert "'unit'" in result.output


def test_services_lists_every_process_with_its_port(monkeypatch):
    monkeypatch.setenv("RGMS_PORT", "9100")
    output = invoke("services").output
    assert all(service.name in output for service in SERVICES)
    assert "9100" in output


def test_an_unknown_process_cannot_be_served():
    result = invoke("serve", "kitchen")
    assert result.exit_code == 2
    assert "'gateway'" in result.output
