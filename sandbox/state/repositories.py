"""Users, repositories and pull requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sandbox.git import Git

if TYPE_CHECKING:
    from sandbox.state.checks import CheckRun
    from sandbox.state.discussion import IssueComment, Review, ReviewComment

ROLES = ("none", "read", "triage", "write", "maintain", "admin")


@dataclass(eq=False)
class User:
    """An account: a person, an organization, or the bot of an App ("slug[bot]").

    `type` is "User", "Organization" or "Bot".
    """

    id: int
    login: str
    type: str
    created_at: datetime
    name: str | None = None

    @property
    def email(self) -> str:
        """The address that GitHub puts into commits of people who hide theirs."""
        return f"{self.id}+{self.login}@users.noreply.github.com"


@dataclass(frozen=True)
class Label:
    """A label of a repository; `color` is six hexadecimal digits."""

    id: int
    name: str
    color: str
    description: str | None = None


@dataclass(eq=False)
class Repository:
    """A repository; its objects and refs are in `git`, a real bare repository.

    `collaborators` maps a login to "read", "triage", "write", "maintain" or "admin".
    `labels` are found by their names in lower case.
    """

    id: int
    owner: User
    name: str
    git: Git
    created_at: datetime
    pushed_at: datetime
    private: bool = False
    archived: bool = False
    default_branch: str = "main"
    collaborators: dict[str, str] = field(default_factory=dict)
    parent: Repository | None = None
    pulls: dict[int, PullRequest] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    check_runs: list[CheckRun] = field(default_factory=list)

    @property
    def full_name(self) -> str:
        """The owner's login and the name, "acme/payments"."""
        return f"{self.owner.login}/{self.name}"

    def role(self, user: User) -> str:
        """What this user may do, one of `ROLES`; everybody may read what is public."""
        if user is self.owner:
            return "admin"
        return self.collaborators.get(user.login, "none" if self.private else "read")

    def allows(self, user: User, role: str) -> bool:
        """Tell whether the user's role is this one or a higher one."""
        return ROLES.index(self.role(user)) >= ROLES.index(role)


@dataclass(frozen=True)
class Push:
    """A push to a pull request's branch after it was opened."""

    id: int
    at: datetime
    by: User
    before: str
    after: str
    forced: bool


@dataclass(eq=False)
class PullRequest:
    """A pull request from `head_ref` of `head_repository` into `base_ref` of `repository`.

    `head_sha` is the commit that it shows; `head_repository` is another one for forks. All of
    its commits are in `repository.git`, under refs/pull/NUMBER/head. `state` is "open" or
    "closed". `issue_id` is the id of the issue that GitHub keeps for it.
    """

    id: int
    issue_id: int
    number: int
    repository: Repository
    head_repository: Repository
    head_ref: str
    base_ref: str
    head_sha: str
    base_sha: str
    title: str
    body: str
    author: User
    created_at: datetime
    updated_at: datetime
    draft: bool = False
    state: str = "open"
    locked: bool = False
    maintainer_can_modify: bool = False
    closed_at: datetime | None = None
    closed_by: User | None = None
    merged_at: datetime | None = None
    merged_by: User | None = None
    merge_commit_sha: str | None = None
    comments: list[IssueComment] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    review_comments: list[ReviewComment] = field(default_factory=list)
    pushes: list[Push] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)

    @property
    def from_fork(self) -> bool:
        """Whether the commits come from another repository."""
        return self.head_repository is not self.repository
