"""What a `.gitattributes` file calls generated, as GitHub reads `linguist-generated` there.

Only the file at the root of a repository is read, without its macros. A pattern is git's: without
a slash it is for names, else for paths from the root, and it reaches into no directory by itself.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

LINES_AT_MOST = 300
"""Each is held against each path, and none of them is to be trusted."""

_ATTRIBUTE = "linguist-generated"
_LINE = re.compile(r'\s*(?:"(?P<quoted>[^"\\]*)"|(?P<plain>[^\s"#]\S*))\s+(?P<attributes>.*)')


def generated(data: bytes, paths: Iterable[str]) -> tuple[str, ...]:
    """Those of the paths that the file calls generated.

    Args:
        data: the file; of its lines about generated files the first `LINES_AT_MOST` count.
        paths: from the root of the repository, with slashes.
    """
    lines = list(itertools.islice(_lines(data.decode(errors="replace")), LINES_AT_MOST))
    return tuple(path for path in paths if lines and _is_generated(path, lines))


def _lines(text: str) -> Iterator[tuple[list[str], bool]]:
    """The pattern's parts, and whether what it matches is generated."""
    for line in text.splitlines():
        found = _LINE.match(line)
        if found is None:
            continue
        pattern = found["quoted"] or found["plain"] or ""
        for attribute in found["attributes"].split():
            name, equals, value = attribute.partition("=")
            if name.lstrip("-!") == _ATTRIBUTE and not pattern.startswith(("!", "[attr]")):
                on = not name.startswith(("-", "!")) and (not equals or value == "true")
                yield _parts(pattern), on


def _parts(pattern: str) -> list[str]:
    """A pattern without a slash matches in every directory."""
    return pattern.removeprefix("/").split("/") if "/" in pattern else ["**", pattern]


def _is_generated(path: str, lines: Iterable[tuple[list[str], bool]]) -> bool:
    """The last line that matches counts."""
    names = path.split("/")
    found = False
    for parts, on in lines:
        if found is not on and _matches(parts, names):
            found = on
    return found


def _matches(parts: list[str], names: list[str]) -> bool:
    """Whether the parts of a pattern match a whole path; row by row, so that no pattern is slow."""
    reached = [True] + [False] * len(names)
    for number, part in enumerate(parts, start=1):
        if part == "**":
            first = reached.index(True) if True in reached else len(reached)
            if number == len(parts):
                first += 1  # a final one needs something to match
            reached = [index >= first for index in range(len(reached))]
        else:
            reached = [False] + [
                reached[index] and fnmatchcase(name, part) for index, name in enumerate(names)
            ]
    return reached[-1]
