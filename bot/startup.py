"""What keeps the bot from starting."""

from __future__ import annotations


class StartupError(Exception):
    """Something that the operator must set right first; the message says what, in one line."""
