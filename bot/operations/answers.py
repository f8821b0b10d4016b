"""How a person who asked gets an answer: a reaction at once, one line at the end, each once."""

from __future__ import annotations

from bot import markdown
from bot.github import PullRequest, Refused, Repository

SEEN, DONE, REFUSED = "eyes", "rocket", "confused"

_MARKER = "answer"
_COMMIT = "commit"


def react(repository: Repository, comment: int, content: str) -> str:
    """React to the comment that asked; a button (0) has none, and a deleted comment is no fault."""
    if comment:
        try:
            repository.react(comment, content)
        except Refused as refusal:
            return refusal.message
    return ""


def committed(sha: str, parent: str) -> str:
    """The mark for an answer that tells of a commit: it attests that the commit is the bot's."""
    return markdown.marker(_COMMIT, sha, parent)


def stands_on(pull: PullRequest, head: str) -> bool:
    """Whether nothing but the bot's own commits came after `head`, as its answers attest.

    Messages and authors of commits can be forged; an answer can't, short of write access.
    """
    parents = {
        words[0]: words[1]
        for comment in pull.comments
        if len(words := markdown.marked(comment.body, _COMMIT)) == 2
    }
    at = pull.head
    while at != head and at in parents:
        at = parents.pop(at)
    return at == head


def answer(repository: Repository, number: int, request: str, line: str, mark: str = "") -> str:
    """Write one line into the conversation, if this request has not been answered yet.

    In a locked conversation the reaction is the whole answer.

    Args:
        repository: of the pull request.
        number: of the pull request.
        request: what names the request, see `bot.work.Request.request`.
        line: the answer, rendered.
        mark: another hidden mark to leave with it.
    """
    name = markdown.marker(_MARKER, request)
    try:
        pull, _ = repository.pull_request(number)
        told = any(comment.body.endswith(name) for comment in pull.comments)
        if not told and not pull.locked:
            repository.create_comment(number, f"{line}\n\n{f'{mark} {name}'.strip()}")
    except Refused as refusal:
        return refusal.message
    return ""
