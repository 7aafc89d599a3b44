"""Reads: dict rows, a fixed number of statements."""
