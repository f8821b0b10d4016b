"""Where a review comment may stand in a diff, and where it stands after a push."""

from dataclasses import dataclass
from itertools import pairwise

from sandbox.diff import DiffLine, Hunk, hunks
from sandbox.errors import Refused, unprocessable
from sandbox.state import PullRequest, ReviewComment


@dataclass(frozen=True)
class Place:
    """Where a new comment stands; `start_line` is None for a single line."""

    line: int
    start_line: int | None
    side: str
    start_side: str | None
    position: int
    diff_hunk: str


def changed_hunks(pull: PullRequest, commit: str, path: str) -> tuple[Hunk, ...] | None:
    """Return the hunks of a file in the pull request as of a commit, None if it is unchanged."""
    git = pull.repository.git
    for row in git.diff(git.merge_base(pull.base_sha, commit), commit):
        if row.path == path:
            return row.hunks
    return None


def place(
    pull: PullRequest, commit: str, path: str, ends: tuple[int | None, int], sides: tuple[str, str]
) -> Place:
    """Check that lines from `ends[0]` (None: one line) to `ends[1]` are in one hunk of the diff.

    Raises:
        Refused: 422 with GitHub's words for what doesn't resolve.
    """
    found = changed_hunks(pull, commit, path)
    if found is None:
        raise unprocessable("Path could not be resolved")
    (start, end), (start_side, side) = ends, sides
    hunk, last = _find(found, end, side)
    if hunk is None or last is None:
        raise unprocessable("Line could not be resolved")
    if start is None:
        return Place(end, None, side, None, last.position, hunk.up_to(last))
    if start_side == side and start >= end:
        raise unprocessable("Pull request review thread start line must precede the end line.")
    first_hunk, first = _find(found, start, start_side)
    if first is None or first_hunk is not hunk:
        raise unprocessable(
            "Pull request review thread start line must be part of the same hunk as the line."
        )
    if first.position > last.position:
        raise unprocessable("Pull request review thread start line must precede the end line.")
    return Place(end, start, side, start_side, last.position, hunk.up_to(last))


def _find(found: tuple[Hunk, ...], number: int, side: str) -> tuple[Hunk | None, DiffLine | None]:
    for hunk in found:
        line = hunk.line(number, side)
        if line:
            return hunk, line
    return None, None


def reanchor(comment: ReviewComment, before: str, after: str) -> None:
    """Let a comment follow its lines from one head to the next, or become outdated."""
    if comment.line is None:
        return
    start = comment.start_line or comment.line
    lines = range(start, comment.line + 1)
    git = comment.pull.repository.git
    if comment.side == "RIGHT":
        row = next(
            (r for r in git.diff(before, after) if comment.path in {r.path, r.previous_path}), None
        )
        if row and (row.path != comment.path or row.patch is None):
            moved: list[int | None] = [None]
        else:
            changes = hunks(row.patch) if row else ()
            moved = [_moved(changes, line) for line in lines]
    else:
        moved = list(lines)
    whole = all(a is not None and b == a + 1 for a, b in pairwise(moved))
    first, last = moved[0], moved[-1]
    if first is None or last is None or not whole:
        _outdate(comment)
        return
    try:
        found = place(
            comment.pull,
            after,
            comment.path,
            (None if comment.start_line is None else first, last),
            (comment.start_side or comment.side, comment.side),
        )
    except Refused:
        _outdate(comment)
        return
    if comment.side == "LEFT" and found.diff_hunk.rsplit("\n", 1)[-1] != _last(comment):
        _outdate(comment)
        return
    comment.line, comment.start_line = found.line, found.start_line
    comment.position, comment.commit_id = found.position, after


def _last(comment: ReviewComment) -> str:
    return comment.diff_hunk.rsplit("\n", 1)[-1]


def _moved(changes: tuple[Hunk, ...], line: int) -> int | None:
    """Return the line's number after the changes, None if it is gone."""
    offset = 0
    for hunk in changes:
        old = [it for it in hunk.lines if it.old is not None]
        if old and line < (old[0].old or 0):
            break
        for it in old:
            if it.old == line:
                return it.new
        offset += sum(it.kind == "+" for it in hunk.lines)
        offset -= sum(it.kind == "-" for it in hunk.lines)
    return line + offset


def _outdate(comment: ReviewComment) -> None:
    comment.line = comment.start_line = comment.position = None
