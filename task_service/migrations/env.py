"""Runs the migrations of schema `ops`; see libs.migrations."""

from libs.migrations import run

run()
