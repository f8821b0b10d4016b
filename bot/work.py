"""The work that webhooks ask for.

A job is a frozen value. It carries everything that identifies the work, nothing of the payload that
could be large or hostile, and it survives JSON, so that a queue can hold it for days.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work on one pull request, or on a repository, where `pull_request` is 0.

    `repository` is "owner/name" for addresses and messages, `repository_id` is what identifies it:
    names change hands. `head` is the commit that the work is bound to; only a `Request` may leave
    it empty, see there, and work on a repository, which looks where things stand when it runs.
    """

    installation: int
    repository_id: int
    repository: str
    pull_request: int
    head: str

    @property
    def serial_key(self) -> str:
        """Jobs with the same key must run one at a time: they write to the same pull request."""
        return f"{self.repository_id}#{self.pull_request}"

    def to_json(self) -> dict[str, Any]:
        """The job as JSON-ready data."""
        return {"kind": type(self).__name__, **dataclasses.asdict(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Job:
        """The inverse of `to_json`.

        Raises:
            ValueError: the data is no job that this version knows.
        """
        fields: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in data.items()
        }
        kind = _KINDS.get(str(fields.pop("kind", "")))
        if kind is None:
            raise ValueError(f"There is no kind of job {data.get('kind')!r}.")
        try:
            return kind(**fields)
        except TypeError as error:
            raise ValueError(f"A job of kind {kind.__name__} has other fields: {error}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class News(Job):
    """Work that later news of the same pull request or repository makes superfluous.

    `updated_at` is GitHub's time of the event (ISO 8601), by which the newest wins whatever the
    order of arrival; where it is empty, the last to arrive wins.
    """

    updated_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPullRequest(News):
    """Report on the pull request at `head`.

    `base_branch` is where the pull request went to at the time of the event.
    """

    base_branch: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TendRepository(News):
    """Bring the bot's own pull requests in line with what the default branch is now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisitRepository(Job):
    """The same after a day went by, only where the bot was asked for pull requests of its own.

    It is no news, so that it takes nothing from the one that an event asked for.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowClosed(Job):
    """Clean up after one of the bot's own pull requests, which somebody merged or closed."""

    branch: str

    @property
    def serial_key(self) -> str:
        """That of work on the repository, which may open another on the same branch."""
        return f"{self.repository_id}#0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Job):
    """What a person asks for, and is answered; it ends in a commit on the pull request's branch.

    `head` comes from the check run whose button was pressed, from the summary whose box was ticked,
    or from the SHA that the comment names (7 to 40 hexadecimal digits); empty, it means the head
    that the bot had reported on when the comment was written, at `asked_at`. `comment` is the id of
    the comment that asks, `box` that of the summary with the box, both 0 for a button.
    `requested_by` is a login, `requested_by_id` the account's number. Empty `paths` means every
    changed file.
    """

    requested_by: str
    requested_by_id: int
    rules: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    comment: int = 0
    box: int = 0
    asked_at: str = ""

    @property
    def request(self) -> str:
        """What names this request, the same however often it is carried out."""
        return f"comment-{self.comment}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyFix(Request):
    """Commit fixes; empty `rules` means those of every rule.

    With `proposes` the commit is on a branch of its own, and a pull request brings it back.
    """

    unsafe: bool = False
    proposes: bool = False

    @property
    def request(self) -> str:
        """See `Request`."""
        if self.comment:
            return f"comment-{self.comment}"
        kind = "pr" if self.proposes else "all" if self.unsafe else "safe"
        if self.box:
            return "-".join(["box", str(self.box), self.asked_at, kind, *self.rules])
        return f"button-{self.head}-{kind}-{self.requested_by}"


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoreFinding(Request):
    """Commit the comments that silence the findings of one rule.

    `line` (1-based) names one of them, 0 means all that the pull request brought or, where `paths`
    names a file, all that it has. `reason` is what the person wrote.
    """

    line: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCommand(Job):
    """Answer a `/fix` that changes nothing: help where `problem` is empty, else the refusal."""

    requested_by: str
    comment: int
    problem: str = ""

    @property
    def request(self) -> str:
        """What names this request, the same however often it is answered."""
        return f"comment-{self.comment}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerMergeGroup(Job):
    """Conclude the check on `head`, the commit that a merge queue is about to merge.

    `pull_request` is 0 where the name of the queue's branch does not tell it.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFailure(Job):
    """Say on the pull request that a job was given up, so that nobody waits for it.

    Of a review (`request` is empty) the check run at `head` says so, of anything that a person
    asked for an answer to that job's `request`, written in `comment`.
    """

    request: str = ""
    comment: int = 0


_KINDS: dict[str, type[Job]] = {
    kind.__name__: kind
    for kind in (
        ReviewPullRequest,
        TendRepository,
        RevisitRepository,
        FollowClosed,
        ApplyFix,
        IgnoreFinding,
        AnswerCommand,
        AnswerMergeGroup,
        ReportFailure,
    )
}


def external_id(pull_request: int, head: str) -> str:
    """The check run's `external_id`: GitHub leaves a fork's pull request out of the payload."""
    return f"cdk-medic:{pull_request}:{head}"
