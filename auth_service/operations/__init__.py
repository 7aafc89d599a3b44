"""The writes of identity: one keyword-only function per use case, each in a transaction of its own."""
