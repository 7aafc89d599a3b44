"""Who a server runs as when the runner is root, and what that user may do."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from cli.local.child import ON_LINUX, account_for, before_exec

SCRIPT = """
import os, sys
path, folder = sys.argv[1:]
assert os.getuid() == os.geteuid() != 0
assert os.access(path, os.R_OK)
assert open(path).read() == "open me"
try:
    open(os.path.join(folder, "new"), "w")
except PermissionError:
    print("read, not written")
"""


@pytest.mark.skipif(not (ON_LINUX and os.geteuid() == 0), reason="only root has rights to drop, and only Linux lends one of them")
def test_a_server_of_roots_reads_its_programs_in_a_closed_home_and_writes_nothing_there(tmp_path):
    home = tmp_path / "home"
    programs = home / "project"
    programs.mkdir(parents=True)
    program = programs / "program"
    program.write_text("open me")
    home.chmod(0o700)
    account = account_for(tmp_path / "data", reads=programs)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(program), str(programs)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=before_exec(account=account),
    )
    assert done.stdout.strip() == "read, not written", done.stderr


def test_an_ordinary_user_stays_who_they_are(tmp_path):
    if os.geteuid() != 0:
        assert account_for(tmp_path / "data", reads=tmp_path) is None
    else:
        assert account_for(tmp_path / "data", reads=tmp_path).uid != 0
