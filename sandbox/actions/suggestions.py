"""The "Commit suggestion" button: a suggestion block of a review comment becomes a commit."""

from markdown_it import MarkdownIt

from sandbox.actions.branches import move_branch
from sandbox.actions.pulls import GITHUB
from sandbox.errors import Refused
from sandbox.git import GitError, Identity
from sandbox.service import Service
from sandbox.state import PullRequest, ReviewComment, User


def suggestions(body: str) -> list[str]:
    r"""Return the suggestion blocks of a comment, each line with its "\n"; "" removes the lines.

    A block is a code fence, of backticks or tildes and of any length, whose info string begins
    with "suggestion": what a Markdown parser calls a fence, not what looks like one.
    """
    return [
        token.content
        for token in MarkdownIt("commonmark").parse(body)
        if token.type == "fence" and token.info.split()[:1] == ["suggestion"]
    ]


def apply(source: bytes, lines: tuple[int, int], suggestion: str) -> bytes:
    """Replace the lines from the first to the last (1-based, inclusive).

    The new lines end as the first replaced one does; a last line of the file that had no newline
    gets none.
    """
    rows = _rows(source)
    first, last = lines
    newline = b"\r\n" if rows[first - 1].endswith(b"\r\n") else b"\n"
    new = suggestion.encode().replace(b"\n", newline)
    if not rows[last - 1].endswith(b"\n"):
        new = new.removesuffix(newline)
    return b"".join([*rows[: first - 1], new, *rows[last:]])


def _rows(source: bytes) -> list[bytes]:
    rows = [row + b"\n" for row in source.split(b"\n")]
    rows[-1] = rows[-1][:-1]
    return rows if rows[-1] else rows[:-1]


def can_commit(comment: ReviewComment, by: User) -> str:
    """Return why this user can't commit the comment's suggestion, "" where they can."""
    pull = comment.pull
    first = comment.in_reply_to or comment
    if not suggestions(comment.body):
        return "The comment has no suggestion."
    if not _writes(pull, by):
        return f"{by.login} has no write access to {pull.head_repository.full_name}."
    if pull.state == "closed":
        return "Suggestions cannot be applied on closed pull requests."
    if first.line is None:
        return "This suggestion is outdated."
    if first.side == "LEFT" or first.start_side == "LEFT":
        return "Suggestions cannot be applied on deleted lines."
    if first.resolved_by:
        return "Suggestions cannot be applied on resolved conversations."
    return ""


def _writes(pull: PullRequest, by: User) -> bool:
    if pull.head_repository.allows(by, "write"):
        return True
    return pull.maintainer_can_modify and pull.repository.allows(by, "write")


def commit_suggestion(service: Service, comment: ReviewComment, *, by: User, index: int = 0) -> str:
    """Commit the suggestion block of that index, resolve the thread, return the commit's SHA.

    The commit is the person's, made and signed by GitHub, with the comment's author as its
    co-author.

    Raises:
        Refused: 403 or 422 where the button isn't offered.
    """
    state = service.state
    with state.lock:
        pull = comment.pull
        reason = can_commit(comment, by)
        if reason:
            raise Refused(422 if _writes(pull, by) else 403, reason)
        first = comment.in_reply_to or comment
        assert first.line is not None  # noqa: S101 -- can_commit() looked
        git = pull.head_repository.git
        try:
            entry = git.entry(pull.head_sha, first.path)
        except GitError:
            raise Refused(422, f"{first.path} is gone.") from None
        lines = (first.start_line or first.line, first.line)
        new = apply(git.blob(entry.sha), lines, suggestions(comment.body)[index])
        message = f"Update {first.path}"
        if comment.author is not by:
            name = comment.author.name or comment.author.login
            message += f"\n\nCo-authored-by: {name} <{comment.author.email}>"
        sha = git.write_commit(
            git.write_files(pull.head_sha, {first.path: new}),
            [pull.head_sha],
            message,
            author=Identity(by.name or by.login, by.email),
            committer=GITHUB,
            at=state.now(),
        )
        state.verified.add(sha)
        first.resolved_by = by
        expected = pull.head_sha
        move_branch(service, pull.head_repository, pull.head_ref, sha, by=by, expected=expected)
        return sha
