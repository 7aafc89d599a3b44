"""Runs the migrations of schema `roster`; see libs.migrations."""

from libs.migrations import run

run()
