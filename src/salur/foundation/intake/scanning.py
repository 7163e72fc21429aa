"""Where the rows of delimited text begin and end, found on the bytes alone.

The rule: a quote opens only at the start of a cell; inside quotes a doubled quote is one quote, every delimiter and
line end is text; LF, CR and CRLF each end a row. Numpy finds this for a whole block at once, so that rows are
counted independently of the parser that reads their values.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

CELL_BYTES_MAX = 1 << 20
_QUOTE, _DELIMITER, _LF, _CR = 1, 2, 3, 4

Positions = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Scan:
    """The complete rows of a block, and what is left over.

    starts, stops: first byte and the byte after the last of each row, line end apart. cells: delimiters + 1.
    blank: nothing but blanks. torn: text follows a closing quote. huge: a cell above CELL_BYTES_MAX.
    end: first byte that belongs to no complete row. is_quoted: the left over ends inside an open quote.
    """

    starts: Positions
    stops: Positions
    cells: Positions
    blank: Truths
    torn: Truths
    huge: Truths
    end: int
    is_quoted: bool


def scan(block: bytes, delimiter: str, *, is_last: bool) -> Scan:
    """Scan a block that starts at the start of a row; with `is_last` the text after the last line end is a row too."""
    data = np.frombuffer(block, dtype=np.uint8)
    kinds_of_bytes = _kinds(delimiter)
    position = np.flatnonzero(kinds_of_bytes[data] != 0)
    kind = kinds_of_bytes[data[position]]
    is_quote = kind == _QUOTE
    quotes = _true_quotes(data, position[is_quote], kinds_of_bytes)
    inside = _inside(position, is_quote, quotes)
    outside = ~is_quote & ~inside
    bounds, kind = position[outside], kind[outside]

    is_end = kind == _LF
    returns = np.flatnonzero(kind == _CR)
    is_end[returns] = _ends_row(data, bounds[returns], is_last=is_last)
    ends = bounds[is_end]
    begun = np.cumsum(kind == _DELIMITER)[is_end]
    is_quoted = quotes.size % 2 == 1
    starts, stops = _bounds(data, ends)
    end = int(ends[-1]) + 1 if ends.size else 0
    if is_last and end < len(block) and not is_quoted:
        starts, stops = np.append(starts, end), np.append(stops, len(block))
        begun = np.append(begun, np.count_nonzero(kind == _DELIMITER))
        end = len(block)
    cells = np.diff(begun, prepend=0) + 1
    return Scan(
        starts=starts,
        stops=stops,
        cells=cells,
        blank=_blank(data, starts, stops, cells),
        torn=_rows_holding(_torn(data, quotes, kinds_of_bytes, bounds), starts, end),
        huge=_rows_holding(_huge(bounds, len(block)), starts, end),
        end=end,
        is_quoted=is_quoted,
    )


def _kinds(delimiter: str) -> npt.NDArray[np.uint8]:
    kinds = np.zeros(256, dtype=np.uint8)
    for character, kind in (('"', _QUOTE), (delimiter, _DELIMITER), ("\n", _LF), ("\r", _CR)):
        kinds[ord(character)] = kind
    return kinds


def _true_quotes(data: npt.NDArray[np.uint8], quotes: Positions, kinds: npt.NDArray[np.uint8]) -> Positions:
    """The quotes that open or close, in turn; a doubled quote closes and opens again. Others are ordinary text.

    When every second quote stands at the start of a cell or right behind its predecessor, all are true by
    induction; a block where one does not is walked quote by quote.
    """
    if not quotes.size:
        return quotes
    at_start = (quotes == 0) | (kinds[data[np.maximum(quotes - 1, 0)]] > _QUOTE)
    is_doubled = np.diff(quotes, prepend=-2) == 1
    if (at_start | is_doubled)[::2].all():
        return quotes
    kept, is_open, closed_at = [], False, -2
    for index, (quote, starts_cell) in enumerate(zip(quotes.tolist(), at_start.tolist(), strict=True)):
        if is_open:
            is_open, closed_at = False, quote
        elif starts_cell or quote == closed_at + 1:
            is_open = True
        else:
            continue
        kept.append(index)
    return quotes[kept]


def _inside(position: Positions, is_quote: Truths, quotes: Positions) -> Truths:
    """For each special byte, whether an odd number of true quotes stand before it."""
    if not quotes.size:
        return np.zeros(position.size, dtype=np.bool_)
    is_true = is_quote.copy()
    if quotes.size != np.count_nonzero(is_quote):
        is_true[:] = False
        is_true[np.searchsorted(position, quotes)] = True
    return np.cumsum(is_true) % 2 == 1


def _ends_row(data: npt.NDArray[np.uint8], position: Positions, *, is_last: bool) -> Truths:
    """A CR ends a row unless a LF follows; at the edge of a block we cannot know, so it does not end one yet."""
    following = position + 1
    at_edge = following >= data.size
    is_lf = data[np.minimum(following, data.size - 1)] == ord("\n")
    return np.where(at_edge, is_last, ~is_lf)


def _bounds(data: npt.NDArray[np.uint8], ends: Positions) -> tuple[Positions, Positions]:
    starts = np.concatenate(([0], ends[:-1] + 1)) if ends.size else ends
    is_crlf = (ends > starts) & (data[ends] == ord("\n")) & (data[np.maximum(ends - 1, 0)] == ord("\r"))
    return starts, ends - is_crlf


def _blank(data: npt.NDArray[np.uint8], starts: Positions, stops: Positions, cells: Positions) -> Truths:
    blank = starts == stops
    if (blank | (cells > 1)).all():
        return blank
    filled = _filled_before(data)
    return (cells == 1) & (filled[stops] == filled[starts])


def _filled_before(data: npt.NDArray[np.uint8]) -> Positions:
    """For each byte, and for the end, how many bytes before it are no blanks."""
    return np.concatenate(([0], np.cumsum((data != ord(" ")) & (data != ord("\t")))))


def _torn(data: npt.NDArray[np.uint8], quotes: Positions, kinds: npt.NDArray[np.uint8], bounds: Positions) -> Positions:
    """Closing quotes that more than blanks follow before the cell ends, a doubled quote apart."""
    closing = quotes[1::2]
    closing = closing[closing + 1 < data.size]
    closing = closing[kinds[data[closing + 1]] == 0]
    if not closing.size:
        return closing
    edges = np.append(bounds, data.size)
    filled = _filled_before(data)
    return closing[filled[edges[np.searchsorted(edges, closing)]] > filled[closing + 1]]


def _huge(bounds: Positions, size: int) -> Positions:
    """Last bytes of the cells that are too long."""
    edges = np.append(bounds, size)
    return edges[np.diff(edges, prepend=-1) > CELL_BYTES_MAX + 1] - 1


def _rows_holding(bytes_at: Positions, starts: Positions, end: int) -> Truths:
    holding = np.zeros(starts.size, dtype=np.bool_)
    holding[np.searchsorted(starts, bytes_at[bytes_at < end], side="right") - 1] = True
    return holding
