"""Runs the migrations of schema `media`; see libs.migrations."""

from libs.migrations import run

run()
