"""How large a roster file may be, so that a process which reads one stays small whatever is uploaded.

Every figure is several times what a unit of 2,000 cadets needs. What is counted is what would be kept in memory.
"""

from __future__ import annotations

from libs.web.errors import TooLarge

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 10_000
MAX_COLUMNS = 100
MAX_SHEETS = 50
# One row of 20 filled cells is about 1 kB of XML, so 10,000 rows stay far below this.
MAX_UNCOMPRESSED = 40 * 1024 * 1024
MAX_ENTRIES = 500
# Real workbooks are compressed 5 to 20 times; small parts of repeated markup may be more.
MAX_RATIO, RATIO_MATTERS_ABOVE = 100, 1024 * 1024
# Characters of one cell that are kept; the longest field of a cadet has 300.
MAX_CELL = 500
# Filled cells, and texts, of the whole file.
MAX_CELLS = MAX_STRINGS = 400_000
# Characters of the whole file that are kept, and of those in the rows: 250 for each of 10,000.
MAX_TEXT = 2_500_000
# Elements of XML of the whole file: 10,000 rows of 100 styled cells, a third of them filled, have one and a half million.
MAX_ELEMENTS = 2_000_000
# Blank rows that are counted as rows; a sheet "used" down to row 1,048,576 has no million of them.
MAX_BLANK_ROWS = 1_000


class Budget:
    """What may still be kept of one file."""

    def __init__(self) -> None:
        self.rows, self.cells, self.strings = MAX_ROWS, MAX_CELLS, MAX_STRINGS
        self.text, self.elements, self.blank_rows = MAX_TEXT, MAX_ELEMENTS, MAX_BLANK_ROWS

    def take_row(self, cells: int) -> None:
        """Count a row with `cells` filled cells."""
        self.rows -= 1
        # The header row is no row of a cadet.
        if self.rows < -1:
            raise TooLarge(f"The file has more than {MAX_ROWS:,} rows. Please split it.", code="too_many_rows")
        self.take_cells(cells)

    def take_cells(self, count: int) -> None:
        """Count filled cells."""
        self.cells -= count
        if self.cells < 0:
            raise TooLarge(f"The file has more than {MAX_CELLS:,} filled cells. Please split it.", code="too_many_cells")

    def take_text(self, length: int) -> None:
        """Count a text of `length` characters that is kept."""
        self.strings -= 1
        self.text -= length
        if self.text < 0 or self.strings < 0:
            raise too_much_text()

    def take_element(self) -> None:
        """Count an element of XML."""
        self.elements -= 1
        if self.elements < 0:
            raise bomb()


def too_much_text() -> TooLarge:
    """Return the refusal of a file with more text than is kept."""
    return TooLarge("The file holds far more text than a roster does. Please split it.", code="too_much_text")


def bomb() -> TooLarge:
    """Return the refusal of a file that grows beyond reason when it is unpacked."""
    return TooLarge("The workbook is far larger than it looks once unpacked.", code="workbook_bomb")
