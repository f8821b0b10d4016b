"""Fold away what the bot said about findings that are gone."""

from __future__ import annotations

from bot.github import PullRequest, Refused, Repository
from bot.outdated import outdated
from bot.report import Report

_AT_ONCE = 50


def fold(repository: Repository, pull: PullRequest, report: Report) -> str:
    """Minimize the outdated comments, with one request for each fifty of them."""
    subjects = outdated(pull, report)
    try:
        for start in range(0, len(subjects), _AT_ONCE):
            repository.minimize(subjects[start : start + _AT_ONCE])
    except Refused as refusal:
        return f"Outdated comments stay: {refusal.message}"
    return ""
