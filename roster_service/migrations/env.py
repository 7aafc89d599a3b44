"""Runs the migrations of schema `roster`; see libs.data.migrations."""

from libs.data.migrations import run

run()
