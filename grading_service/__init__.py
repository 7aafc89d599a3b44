"""Grading: terms, policies, training days, the append-only record of graded facts, and the grades that follow from it.

Owns the schema `grading`. Never edits or deletes a graded fact, never asks another service while a transaction is open
(roster is asked before or after, through `libs.clients.roster`), and holds no rule outside `domain/`.

Invariants:
    the projections (`mark`, `score`, `grade`) equal a replay of `record`, in whatever order its rows arrived;
    a grade with no effective record has no number at all;
    the leaves of an explanation sum exactly to its final grade.
"""
