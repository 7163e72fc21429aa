"""Delimited text read one character at a time: slow, obvious, and sharing nothing with what it is compared to."""

from dataclasses import dataclass, field


@dataclass
class SlowRow:
    number: int
    cells: list[str] = field(default_factory=lambda: [""])
    raw: str = ""
    is_torn: bool = False
    has_end: bool = True
    is_open: bool = False

    @property
    def is_blank(self) -> bool:
        return self.raw.strip(" \t") == "" and len(self.cells) == 1


def read(text: str, delimiter: str) -> list[SlowRow]:
    found, row = [], SlowRow(1)
    state, at = "start", 0
    while at < len(text):
        character, following = text[at], text[at + 1 : at + 2]
        at += 1
        if state == "quoted":
            row.raw += character
            if character == '"' and following == '"':
                row.raw += following
                row.cells[-1] += '"'
                at += 1
            elif character == '"':
                state = "closed"
            else:
                row.cells[-1] += character
        elif character in "\r\n":
            if character == "\r" and following == "\n":
                at += 1
            found.append(row)
            row, state = SlowRow(row.number + 1), "start"
        else:
            row.raw += character
            if character == delimiter:
                row.cells.append("")
                state = "start"
            elif character == '"' and state == "start":
                state = "quoted"
            else:
                row.cells[-1] += character
                row.is_torn |= state == "closed" and character not in " \t"
                state = "closed" if state == "closed" else "plain"
    if row.raw:
        row.has_end, row.is_open = False, state == "quoted"
        found.append(row)
    return found
