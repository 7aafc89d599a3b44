"""Runs the migrations of schema `messaging`; see libs.migrations."""

from libs.migrations import run

run()
