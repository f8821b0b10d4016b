"""What people and apps say on a pull request."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sandbox.state.apps import App
from sandbox.state.repositories import PullRequest, User

REACTIONS = ("+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes")


@dataclass(frozen=True)
class Reaction:
    """An emoji; `content` is one of `REACTIONS`."""

    id: int
    user: User
    content: str
    created_at: datetime


@dataclass(eq=False)
class IssueComment:
    """A comment in the conversation; `minimized` is GitHub's reason ("OUTDATED") or None."""

    id: int
    pull: PullRequest
    author: User
    body: str
    created_at: datetime
    updated_at: datetime
    app: App | None = None
    reactions: list[Reaction] = field(default_factory=list)
    minimized: str | None = None


@dataclass(eq=False)
class Review:
    """A review; `state` is "COMMENTED", "APPROVED", "CHANGES_REQUESTED", "DISMISSED", "PENDING"."""

    id: int
    pull: PullRequest
    author: User
    body: str
    state: str
    commit_id: str
    submitted_at: datetime | None
    minimized: str | None = None


@dataclass(eq=False)
class ReviewComment:
    """A comment on lines of the diff.

    `line` and `start_line` are where it stands on `commit_id` today, None once it is outdated;
    the `original_` fields say where it was written. `side` is "RIGHT" (the new file) or "LEFT".
    `start_line` is None where it concerns one line. `position` counts the lines of the file's
    patch from its first hunk header, as GitHub's older interface does. A reply has
    `in_reply_to`, the first comment of its thread, and shares its place; `resolved_by` is set on
    the first comment only.
    """

    id: int
    review: Review
    pull: PullRequest
    author: User
    body: str
    path: str
    side: str
    start_side: str | None
    line: int | None
    start_line: int | None
    position: int | None
    commit_id: str
    original_line: int
    original_start_line: int | None
    original_position: int
    original_commit_id: str
    diff_hunk: str
    created_at: datetime
    updated_at: datetime
    in_reply_to: ReviewComment | None = None
    reactions: list[Reaction] = field(default_factory=list)
    minimized: str | None = None
    resolved_by: User | None = None

    @property
    def outdated(self) -> bool:
        """Whether a later push changed the lines, or took them out of the diff."""
        return self.line is None
