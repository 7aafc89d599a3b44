"""Runs the migrations of schema `messaging`; see libs.data.migrations."""

from libs.data.migrations import run

run()
