"""The keys of a configuration, and the words that some of them take."""

from __future__ import annotations

from codemods.rule import Level

KEYS = (
    "select",
    "ignore",
    "exclude",
    "safe",
    "unsafe",
    "mode",
    "fail-on",
    "pull-request",
    "fix-pull-requests",
    "environments",
    "rules",
    "rule-packs",
)
ORGANIZATION = ("locked", "repositories", "rings")
PULL_REQUEST = ("fail-on", "drafts", "bots")
FIX_PULL_REQUESTS = ("group", "labels", "limit", "unsafe")
ENVIRONMENTS = ("production", "non-production")

MODES = ("report", "suggest", "commit", "pull-request")
GROUPS = ("rule", "all")
LEVELS = (*(known.label for known in sorted(Level, reverse=True)), "never")


def level(word: str) -> Level | None:
    """The level that one of `LEVELS` names; None for `"never"`."""
    return next((known for known in Level if known.label == word), None)
