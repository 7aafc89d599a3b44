"""Runs the migrations of schema `grading`; see libs.migrations."""

from libs.migrations import run

run()
