from __future__ import annotations

from tests.bot.operations.conftest import here

__all__ = ["here"]
