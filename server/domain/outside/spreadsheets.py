"""Text for spreadsheets, which take some texts for formulas."""

import csv
import io
from collections.abc import Sequence
from typing import Any

_WIDE = ("\uff1d", "\uff0b", "\uff0d", "\uff20")  # count in East Asia
_FORMULA = ("=", "+", "-", "@", "\t", "\r", *_WIDE)


def csv_line(cells: Sequence[Any]) -> bytes:
    """Text that a spreadsheet would take for a formula has an apostrophe before it."""
    file = io.StringIO()
    safe = [f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell for cell in cells]
    csv.writer(file, lineterminator="\r\n").writerow(safe)
    return file.getvalue().encode("utf-8", "replace")
