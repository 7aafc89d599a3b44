"""Shapes on the wire; never policy, never the database."""
