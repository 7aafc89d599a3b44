"""Runs the migrations of schema `ops`; see libs.data.migrations."""

from libs.data.migrations import run

run()
