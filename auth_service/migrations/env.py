"""Runs the migrations of schema `auth`; see libs.migrations."""

from libs.migrations import run

run()
