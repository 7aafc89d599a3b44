"""A pytest plugin: real PostgreSQL, real Redis, real HTTP."""
