"""Runs the migrations of schema `grading`; see libs.data.migrations."""

from libs.data.migrations import run

run()
