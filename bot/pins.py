"""Where the repository's own tests and snapshots pin a value that a fix changes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pin:
    """A line of a test or a snapshot: its path, its number from 1, its text, shortened."""

    path: str
    line: int
    text: str
