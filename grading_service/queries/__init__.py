"""Reads: each returns dict rows or JSON that PostgreSQL made, in a known number of statements."""
