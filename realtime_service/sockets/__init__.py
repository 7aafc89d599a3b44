"""The process that holds the connections; it touches no table."""
