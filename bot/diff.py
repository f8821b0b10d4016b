"""Which lines of a file a pull request shows: GitHub loses a whole review to one line outside."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

_HEADER = re.compile(r"@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@")


class Change(enum.Enum):
    """What a pull request did to a line, as far as its diff tells."""

    ADDED = "added"
    UNCHANGED = "unchanged"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Hunk:
    """The lines `first` to `last` (1-based, inclusive, of the new file) that one hunk shows.

    Every one of them can carry a comment on the side RIGHT; `added` are those that are new.
    """

    first: int
    last: int
    added: frozenset[int]


@dataclass(frozen=True, slots=True)
class Diff:
    """A file's diff; `known` is false where GitHub left the patch out, as it does in large ones."""

    hunks: tuple[Hunk, ...]
    known: bool

    def change(self, first: int, last: int) -> Change:
        """Whether any of the lines `first` to `last` is new."""
        if not self.known:
            return Change.UNKNOWN
        lines = range(first, last + 1)
        added = any(not hunk.added.isdisjoint(lines) for hunk in self.hunks)
        return Change.ADDED if added else Change.UNCHANGED

    def hunk_around(self, first: int, last: int) -> Hunk | None:
        """The hunk that shows all of the lines `first` to `last`, or None."""
        for hunk in self.hunks:
            if hunk.first <= first and last <= hunk.last:
                return hunk
        return None

    def added_within(self, first: int, last: int) -> tuple[int, int] | None:
        """The first unbroken run of new lines among `first` to `last`: (first, last), or None."""
        for hunk in self.hunks:
            lines = [line for line in range(first, last + 1) if line in hunk.added]
            if lines:
                end = lines[0]
                while end + 1 in hunk.added and end + 1 <= last:
                    end += 1
                return lines[0], end
        return None


def parse(patch: str | None) -> Diff:
    """Read the `patch` of a row of `GET pulls/{n}/files`.

    Args:
        patch: unified hunks without file headers, or None where the row has none.
    """
    if not patch:
        return Diff((), known=False)
    hunks: list[Hunk] = []
    first, line, added = 0, 0, set[int]()
    for text in patch.split("\n"):
        header = _HEADER.match(text)
        if header:
            _close(hunks, first, line, added)
            first = line = int(header[1])
            added = set()
        elif text.startswith("+"):
            added.add(line)
            line += 1
        elif text.startswith(" "):
            line += 1
    _close(hunks, first, line, added)
    return Diff(tuple(hunks), known=bool(hunks))


def _close(hunks: list[Hunk], first: int, line: int, added: set[int]) -> None:
    if first and line > first:
        hunks.append(Hunk(first, line - 1, frozenset(added)))
