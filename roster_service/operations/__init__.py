"""Writes of schema ``roster``: each a transaction of its own, its event inside it."""
