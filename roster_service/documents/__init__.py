"""Files that the roster hands out."""
