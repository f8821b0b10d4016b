"""The line of code that a finding is about, with the wrong part marked."""

from __future__ import annotations

from dataclasses import dataclass

from codemods.desk.terminal import Terminal, columns, visible
from codemods.rule import Finding

_TAB = 4
_LEAST_BEFORE = 20  # columns of what stands before the wrong part, however long that is
_LEAST_AFTER = 12


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The first line of a finding's code, as it stands in the file, and where it goes on to."""

    finding: Finding
    line: str

    def shown(self, terminal: Terminal) -> list[str]:
        """The code behind its line number, between bars, and the marks below it."""
        start, end = self.finding.start, self.finding.end
        last = end.column - 1 if end.line == start.line else len(self.line.rstrip())
        before = _printable(self.line[: start.column - 1])
        marked = _printable(self.line[start.column - 1 : last]) or " "
        after = _printable(self.line[last:]).rstrip()
        number = str(start.line)
        room = terminal.cut - len(f"{number} | ")
        before, marked, after = _fitted(before, marked, after, room)
        marks = terminal.style("^" * columns(marked), "red", "bold")
        if end.line > start.line:
            marks += terminal.style(f" … to line {end.line}", "dim")
        bar = terminal.style("|", "blue")
        empty = f"{' ' * len(number)} {bar}"
        return [
            empty,
            f"{terminal.style(number, 'blue')} {bar} {before}{marked}{after}".rstrip(),
            f"{empty} {' ' * columns(before)}{marks}",
            empty,
        ]


def _printable(text: str) -> str:
    return visible(text.replace("\t", " " * _TAB))


def _fitted(before: str, marked: str, after: str, room: int) -> tuple[str, str, str]:
    """The three parts of a line cut to the room there is, so that the marked one is seen."""
    if columns(before + marked + after) <= room:
        return before, marked, after
    most = max(_LEAST_BEFORE, room - columns(marked) - _LEAST_AFTER)
    if columns(before) > most:
        before = "…" + _head(before[::-1], most - 1)[::-1]
    room -= columns(before)
    if columns(marked) + 1 > room:
        return before, _head(marked, room - 1), "…"
    return before, marked, _head(after, room - columns(marked) - 1) + "…"


def _head(text: str, room: int) -> str:
    """As much of the beginning of a text as fits."""
    taken = 0
    for index, character in enumerate(text):
        taken += columns(character)
        if taken > room:
            return text[:index]
    return text
