"""The write path of graded facts: the log of records, and the grades that follow from it."""
