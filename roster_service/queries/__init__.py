"""Reads of schema ``roster``. Nothing here writes."""
