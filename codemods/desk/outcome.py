"""What one run over files has to say, whichever report it ends up in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from codemods.rule import Finding

_PLACE = re.compile(r"line (\d+): ")


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence about a file, and the 1-based line that it is about; 0 for the whole file."""

    path: str
    line: int
    sentence: str


@dataclass(slots=True)
class Outcome:
    """What one run found, left out and noticed.

    Attributes:
        files: how many files were looked at.
        findings: what is wrong, under the paths that the person gave.
        silenced: what an ignore comment covers, with the reason that the comment gives.
        sources: by path, the bytes of each file with findings or silenced ones, where a report
            needs them.
        packs: the packs of rules that files were judged by besides our own rules.
        troubles: what could not be done, a remark a file.
        notes: what is worth knowing and no error.
    """

    files: int = 0
    findings: list[Finding] = field(default_factory=list)
    silenced: list[tuple[Finding, str]] = field(default_factory=list)
    sources: dict[str, bytes] = field(default_factory=dict)
    packs: set[str] = field(default_factory=set)
    troubles: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)

    def trouble(self, path: str, sentence: str) -> None:
        """Remember that a file is left out, and why."""
        place = _PLACE.match(sentence)
        self.troubles.append(Remark(path, int(place[1]) if place else 0, sentence))
