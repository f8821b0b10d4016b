"""The only door to GitHub: app authentication, narrowed tokens, batched reads, single writes."""

from __future__ import annotations

from bot.github.errors import GitHubError, RateLimited, Refused, Unavailable
from bot.github.repository import Repository

__all__ = ["GitHubError", "RateLimited", "Refused", "Repository", "Unavailable"]
