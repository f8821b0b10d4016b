"""Patterns for paths, as in .gitignore; the library for them is imported where there are some."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pathspec


@functools.cache
def matcher(patterns: tuple[str, ...]) -> pathspec.GitIgnoreSpec:
    """What matches paths with some patterns.

    Raises:
        ValueError: where one of them is none.
    """
    import pathspec

    return pathspec.GitIgnoreSpec.from_lines(patterns)


def is_pattern(text: str) -> bool:
    """Whether a text is a pattern; `"!"` alone, for example, is none."""
    try:
        matcher((text,))
    except ValueError:
        return False
    return True
