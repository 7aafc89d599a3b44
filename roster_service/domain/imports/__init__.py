"""Reading a roster the way a careful clerk would: cells to rows, rows to what would change. Pure.

The rules are those of the unit's sample workbook: header names ignore case, blanks and punctuation; cell texts are
trimmed; a row is clean, normalised, invalid, a duplicate or ignored, and says why.
"""
