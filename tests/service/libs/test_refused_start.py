"""Processes as production starts them, without what they need: each says in one message everything that is missing, and ends."""

from __future__ import annotations

import os
import subprocess

import pytest

from cli.local.config import ROOT
from cli.local.programs import CONFIGURATION_ERROR, command
from libs.contracts.services import SERVICES
from libs.production import NEEDS


@pytest.mark.requirement("25.1", "25.4", "25.5")
def test_a_process_that_lacks_what_production_needs_ends_and_names_all_of_it_at_once():
    bare = {"PATH": os.defpath, "PYTHONPATH": str(ROOT), "RGMS_ENV": "production"}
    started = {
        service.name: subprocess.Popen(
            command(service), cwd=ROOT, env=bare, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for service in SERVICES
    }
    for name, process in started.items():
        said, _ = process.communicate(timeout=120)
        assert process.returncode == CONFIGURATION_ERROR, said
        assert len(said.splitlines()) == 1, said
        needed = {"SECRET_KEY", "REDIS_URL"} | {need.variable for need in NEEDS if name in need.services}
        assert all(f"{variable} is not set" in said for variable in needed), said
