"""Reads of schema ``auth``: plain dicts, no session."""
