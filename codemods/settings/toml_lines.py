"""On which line a TOML file sets a key: the standard library's parser keeps no positions."""

from __future__ import annotations

import re

_PART = r"(?:[A-Za-z0-9_-]+|\"[^\"\n]*\"|'[^'\n]*')"
_KEY = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"\s*\[\[?\s*({_KEY})\s*\]\]?\s*(?:#.*)?$")
_ASSIGNMENT = re.compile(rf"\s*({_KEY})\s*=")
_LONG_STRING = re.compile(r'"""|\'\'\'')


def line_of(text: str, key: tuple[str, ...]) -> int:
    """The 1-based line of a key, given with the names of the tables around it.

    A key inside an inline table is answered by the line on which that table begins.
    """
    best, length = 1, 0
    table: tuple[str, ...] = ()
    inside = ""
    for number, line in enumerate(text.splitlines(), start=1):
        start = len(inside) and line.find(inside) + len(inside)
        if inside and start < len(inside):
            continue
        if not inside:
            header, assignment = _HEADER.match(line), _ASSIGNMENT.match(line)
            here = table
            if header:
                here = table = _parts(header[1])
            elif assignment:
                here = (*table, *_parts(assignment[1]))
            shared = min(len(here), len(key))
            if (header or assignment) and here[:shared] == key[:shared] and shared > length:
                best, length = number, shared
        inside = _open_string(line[start:])
    return best


def _parts(key: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_PART, key))


def _open_string(line: str) -> str:
    """The quotes of a multi-line string that begins on a line and does not end there."""
    inside = ""
    for quotes in _LONG_STRING.findall(line):
        if not inside:
            inside = quotes
        elif quotes == inside:
            inside = ""
    return inside
