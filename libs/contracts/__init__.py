"""All that two processes may know of each other: pure data, no Flask, no database."""
