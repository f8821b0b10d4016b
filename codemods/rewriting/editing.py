"""Edits as bytes: splicing them into a file, and making sure that it is Python afterwards."""

from __future__ import annotations

from collections.abc import Iterable

from codemods.code.source import Source, UnreadableError
from codemods.rule import Edit


def apply_edits(source: bytes, edits: Iterable[Edit]) -> bytes:
    """Splice edits into a file.

    Raises:
        ValueError: where two edits overlap or one lies outside the file.
    """
    pieces: list[bytes] = []
    done = 0
    for edit in sorted(set(edits)):
        if not done <= edit.start <= edit.end <= len(source):
            raise ValueError("edits overlap or lie outside the file")
        pieces += [source[done : edit.start], edit.replacement.encode()]
        done = edit.end
    return b"".join([*pieces, source[done:]])


def parses(data: bytes) -> bool:
    """Whether bytes are a Python file."""
    try:
        Source(data).parse()
    except UnreadableError:
        return False
    return True
