"""`rgms grading`: rebuild and verify, against the database of the tests."""

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from cli.testing.plugin import environment
from grading_service.cli import cli
from libs.data.db import transaction


@pytest.fixture
def run(postgres_url, redis_url, tmp_path, monkeypatch):
    """A function (*arguments) -> (exit code, output) of a process with the test database."""
    for name, value in environment(postgres_url, redis_url, RGMS_DATA_DIR=str(tmp_path)).items():
        monkeypatch.setenv(name, value)

    def call(*arguments):
        result = CliRunner().invoke(cli, arguments)
        return result.exit_code, result.output

    return call


def test_verify_passes_then_fails_on_damage_and_rebuild_mends_it(grading_api, run):
    assert run("verify") == (0, "There is no term yet.\n")
    term = grading_api.term()
    (day,) = grading_api.days(term, 1)
    grading_api.mark(day, 1)
    assert run("verify") == (0, f"Term {term}: equal to the record.\n")
    with grading_api.app.app_context(), transaction() as session:
        session.execute(text("UPDATE grading.grade SET present = 3"))
    code, output = run("verify", "--term", str(term))
    assert (code, output) == (1, f"Term {term}: 1 grades, 0 marks, 0 scores, 0 days different.\n")
    code, output = run("rebuild")
    assert (code, output.splitlines()[-1]) == (0, f"Term {term}: 1 grades, 0 marks, 0 scores, 0 days put right.")
    assert run("verify")[0] == 0


def test_a_term_that_is_not_there_is_named_without_a_traceback(grading_api, run):
    code, output = run("rebuild", "--term", "4711")
    assert (code, output) == (1, "Error: There is no such term.\n")
