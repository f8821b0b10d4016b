"""Post a review so that no bad line loses it: GitHub takes all of its comments or none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot import review
from bot.github import PullRequest, Refused, Repository


def post(repository: Repository, pull: PullRequest, body: Mapping[str, Any]) -> str:
    """Post the review, without its comments where GitHub would not take one of them.

    Args:
        repository: of the pull request.
        pull: as it was when the review was written.
        body: as `review.review` makes it.

    Returns:
        Why there is no review, "" where there is one.
    """
    try:
        repository.create_review(pull.number, body)
    except Refused as refusal:
        if refusal.status != 422:
            return f"No review: {refusal.message}"
        return _without_comments(repository, pull, body, refusal)
    return ""


def _without_comments(
    repository: Repository, pull: PullRequest, body: Mapping[str, Any], refusal: Refused
) -> str:
    """GitHub does not say which comment it minds, and it would take each but one."""
    try:
        now, _ = repository.pull_request(pull.number)
        if now.head != pull.head or not now.open:
            return "No review: the pull request moved on."
        repository.create_review(pull.number, review.without_comments(body, refusal.message))
    except Refused as again:
        return f"No review: {again.message}"
    return ""
