"""QR codes as the data of one SVG path, which a page may draw without trusting any markup."""

from __future__ import annotations

from typing import Any

import segno

# Any of the eight masks can be read; trying all of them costs five times the time, and a company prints hundreds at once.
_MASK = 3


def qr_code(text: str) -> dict[str, Any]:
    """Return `{"size", "path"}`: the width in modules without a margin, and the dark modules as strokes of width 1."""
    runs = []
    matrix = segno.make_qr(text, error="m", mask=_MASK).matrix
    for row, modules in enumerate(matrix):
        column = 0
        while column < len(modules):
            width = 0
            while column + width < len(modules) and modules[column + width]:
                width += 1
            if width:
                runs.append(f"M{column} {row}.5h{width}")
            column += max(width, 1)
    return {"size": len(matrix), "path": "".join(runs)}
