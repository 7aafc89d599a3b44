"""Runs the migrations of schema `auth`; see libs.data.migrations."""

from libs.data.migrations import run

run()
