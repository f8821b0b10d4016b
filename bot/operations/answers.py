"""How a person who asked gets an answer: a reaction at once, one line at the end, each once."""

from __future__ import annotations

from bot import markdown
from bot.github import Refused, Repository

SEEN, DONE, REFUSED = "eyes", "rocket", "confused"

_MARKER = "answer"


def react(repository: Repository, comment: int, content: str) -> str:
    """React to the comment that asked; a button (0) has none, and a deleted comment is no fault."""
    if comment:
        try:
            repository.react(comment, content)
        except Refused as refusal:
            return refusal.message
    return ""


def answer(repository: Repository, number: int, request: str, line: str) -> str:
    """Write one line into the conversation, if this request has not been answered yet.

    Args:
        repository: of the pull request.
        number: of the pull request.
        request: what names the request, see `bot.commit.request`.
        line: the answer, rendered.
    """
    mark = markdown.marker(_MARKER, request)
    try:
        pull, _ = repository.pull_request(number)
        if not any(mark in comment.body for comment in pull.comments):
            repository.create_comment(number, f"{line}\n\n{mark}")
    except Refused as refusal:
        return refusal.message
    return ""
