"""Where a rule comes from."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class LegalReference:
    """The legal ground of one rule or number.

    `text` is the regulation ("Permensos 5/2021"), `article` its place in it, `source` where we read it and
    `confidence` whether the regulation itself was read ("verified") or only a report of it ("unverified").
    """

    text: str
    article: str = ""
    source: str = ""
    confidence: Literal["verified", "unverified"] = "unverified"

    def __str__(self) -> str:
        return f"{self.text} {self.article}".strip()
