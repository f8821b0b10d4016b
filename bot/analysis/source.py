"""What the analysis is given."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A file that strangers wrote: its path in the repository and its bytes."""

    path: str
    content: bytes
