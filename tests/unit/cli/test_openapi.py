"""`rgms openapi`: what the client takes from us is what the code says."""

from __future__ import annotations

from click.testing import CliRunner

from cli import openapi
from cli.client_words import client_words
from libs.contracts.principal import Principal


def test_the_clients_lists_say_what_the_python_says():
    written = dict(
        line.removeprefix("export const ").removesuffix(" as const;").split(" = ", 1)
        for line in client_words().splitlines()
        if line.startswith("export const ")
    )
    assert '"Verified"' in written["CADET_STATUSES"]
    assert '"terms.manage"' in written["PERMISSIONS_OF"].split('"command": ')[1]
    assert all(f'"{permission}"' in written["PERMISSIONS"] for permission in Principal(0, "", "admin").permissions)
    assert written["MOST_POINTS"] == "100"


def test_the_check_names_a_list_that_is_out_of_date(tmp_path, monkeypatch):
    stale = tmp_path / "domain.ts"
    stale.write_text(client_words().replace('"Verified", ', ""), encoding="utf-8")
    monkeypatch.setattr(openapi, "WORDS", stale)
    answer = CliRunner().invoke(openapi.openapi, ["--check"])
    assert answer.exit_code == 1
    assert f"{stale} is out of date: run ./rgms openapi." in answer.output
    stale.write_text(client_words(), encoding="utf-8")
    assert CliRunner().invoke(openapi.openapi, ["--check"]).exit_code == 0
