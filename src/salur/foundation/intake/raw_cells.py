"""The cells of rows of wrong form, fitted to the sender's columns without losing a character."""

import pyarrow as pa

from salur.foundation.intake.delimited import cells_of_rows
from salur.foundation.intake.opening import CSV
from salur.foundation.intake.reception import Received


def cells_of(raw: pa.ChunkedArray, received: Received) -> list[pa.Array]:
    """One array for each column of the header: missing cells are empty, surplus ones stay joined in the last.

    Only rejected rows pass here, so a loop over them is bounded by what an officer has to mend.
    """
    width = len(received.header)
    delimiter = received.delimiter if received.format == CSV else "\t"
    rows = [_fitted(cells, delimiter, width) for cells in cells_of_rows(raw.to_pylist(), delimiter)]
    return [pa.array([row[place] for row in rows], pa.string()) for place in range(width)]


def _fitted(cells: list[str], delimiter: str, width: int) -> list[str]:
    if len(cells) > width:
        cells = [*cells[: width - 1], delimiter.join(cells[width - 1 :])]
    return cells + [""] * (width - len(cells))
