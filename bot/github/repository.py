"""One repository, seen through a token that can touch nothing else."""

from __future__ import annotations


class Repository:
    """The reads and single writes that the bot needs; each method says how many requests it is."""
