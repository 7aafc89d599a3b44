"""Runs the migrations of schema `media`; see libs.data.migrations."""

from libs.data.migrations import run

run()
