"""Writes: one keyword-only function per use case, each owning its transaction."""
