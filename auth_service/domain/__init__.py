"""The rules of identity, pure: no database, no clock, no randomness, no hashing library."""
