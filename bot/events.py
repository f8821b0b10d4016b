"""From a webhook to the job that answers it: pure, and the whole list of what the bot reacts to.

A job is a frozen value. It carries everything that identifies the work, nothing of the payload that
could be large or hostile, and it survives JSON, so that a queue can hold it for days.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot import boxes, commands, markdown

EVENTS = frozenset({"pull_request", "issue_comment", "check_run", "merge_group"})
"""The events that the App must be subscribed to; `installation` and `ping` come unasked."""

REVIEWED_ACTIONS = frozenset({"opened", "synchronize", "reopened", "ready_for_review"})

FIX_SAFE = "fix-safe"
FIX_ALL = "fix-all"
"""Identifiers of the check run's buttons (GitHub: at most 20 characters)."""

SUMMARY = "summary"
"""The kind of the marker that ends the summary, and names the commit that it is about."""

_EXTERNAL_ID = re.compile(r"cdk-medic:(\d{1,10}):([0-9a-f]{40})")
_QUEUED = re.compile(r"/pr-(\d{1,10})-[0-9a-f]{40}\Z")
_SHA = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work on one pull request.

    `repository` is "owner/name" for addresses and messages, `repository_id` is what identifies it:
    names change hands. `head` is the commit that the work is bound to; only `ApplyFix` may leave it
    empty, see there.
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
class ReviewPullRequest(Job):
    """Report on the pull request at `head`.

    `updated_at` is GitHub's time of the event (ISO 8601), by which the newest head wins whatever
    the order of arrival. `base_branch` is where the pull request went to at that time.
    """

    updated_at: str = ""
    base_branch: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyFix(Job):
    """Commit fixes to the pull request's branch.

    Empty `rules` means every rule, empty `paths` every changed file. `head` comes from the check
    run whose button was pressed, from the summary whose box was ticked, or from the SHA that the
    comment names (7 to 40 hexadecimal digits); empty, it means the head that the bot had reported
    on when the comment was written, at `asked_at`. `comment` is the id of the comment that asks,
    `box` that of the summary with the box, both 0 for a button. `requested_by` is a login,
    `requested_by_id` the account's number.
    """

    requested_by: str
    requested_by_id: int
    rules: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    unsafe: bool = False
    comment: int = 0
    box: int = 0
    asked_at: str = ""

    @property
    def request(self) -> str:
        """What names this request, the same however often it is carried out."""
        if self.comment:
            return f"comment-{self.comment}"
        kind = "all" if self.unsafe else "safe"
        if self.box:
            return "-".join(["box", str(self.box), self.asked_at, kind, *self.rules])
        return f"button-{self.head}-{kind}-{self.requested_by}"


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
    for kind in (ReviewPullRequest, ApplyFix, AnswerCommand, AnswerMergeGroup, ReportFailure)
}


def external_id(pull_request: int, head: str) -> str:
    """The check run's `external_id`: GitHub leaves a fork's pull request out of the payload."""
    return f"cdk-medic:{pull_request}:{head}"


def job_for(event: str, payload: Mapping[str, Any]) -> Job | None:
    """Turn a verified webhook into work.

    Args:
        event: the `X-GitHub-Event` header.
        payload: the decoded body.

    Returns:
        The job, or None where the bot has nothing to do. Payloads that are not shaped as GitHub
        documents them are nothing to do as well.
    """
    reader = {
        "pull_request": _review,
        "issue_comment": _comment,
        "check_run": _button,
        "merge_group": _merge_group,
    }.get(event)
    if reader is None:
        return None
    try:
        return reader(payload)
    except (KeyError, TypeError, AttributeError, ValueError):
        return None


def _place(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "installation": int(payload["installation"]["id"]),
        "repository_id": int(payload["repository"]["id"]),
        "repository": str(payload["repository"]["full_name"]),
    }


def _review(payload: Mapping[str, Any]) -> Job | None:
    pull = payload["pull_request"]
    if payload["action"] not in REVIEWED_ACTIONS or pull["state"] != "open":
        return None
    return ReviewPullRequest(
        **_place(payload),
        pull_request=int(pull["number"]),
        head=_sha(pull["head"]["sha"]),
        updated_at=str(pull["updated_at"]),
        base_branch=str(pull["base"]["ref"]),
    )


def _comment(payload: Mapping[str, Any]) -> Job | None:
    return _box(payload) if payload["action"] == "edited" else _command(payload)


def _box(payload: Mapping[str, Any]) -> Job | None:
    comment, issue, sender = payload["comment"], payload["issue"], payload["sender"]
    if not issue.get("pull_request") or sender["type"] == "Bot" or comment["user"]["type"] != "Bot":
        return None
    before = str(payload["changes"]["body"]["from"])
    ticked = boxes.newly_ticked(before, str(comment["body"]))
    if not ticked:
        return None
    # GitHub's page ticks one at a time. Of several, none is taken for more than it says.
    unsafe = all(box.unsafe for box in ticked)
    rules = {box.rule for box in ticked if box.unsafe is unsafe}
    (head,) = markdown.marked(before, SUMMARY)
    return ApplyFix(
        **_place(payload),
        pull_request=int(issue["number"]),
        head=_sha(head),
        requested_by=str(sender["login"]),
        requested_by_id=int(sender["id"]),
        rules=() if "" in rules else tuple(sorted(rules)),
        unsafe=unsafe,
        box=int(comment["id"]),
        asked_at=str(comment["updated_at"]),
    )


def _command(payload: Mapping[str, Any]) -> Job | None:
    comment, issue, sender = payload["comment"], payload["issue"], payload["sender"]
    if payload["action"] != "created" or not issue.get("pull_request"):
        return None
    if "Bot" in (sender["type"], comment["user"]["type"]) or sender["id"] != comment["user"]["id"]:
        return None
    command = commands.parse(comment["body"])
    if command is None:
        return None
    place = _place(payload) | {
        "pull_request": int(issue["number"]),
        "requested_by": str(sender["login"]),
        "comment": int(comment["id"]),
    }
    if isinstance(command, commands.FixCommand):
        return ApplyFix(
            **place,
            head=command.sha,
            requested_by_id=int(sender["id"]),
            rules=command.rules,
            paths=command.paths,
            unsafe=command.unsafe,
            asked_at=str(comment["created_at"]),
        )
    problem = command.problem if isinstance(command, commands.MistakenCommand) else ""
    return AnswerCommand(**place, head="", problem=problem)


def _button(payload: Mapping[str, Any]) -> Job | None:
    check, sender = payload["check_run"], payload["sender"]
    if payload["action"] != "requested_action" or sender["type"] == "Bot":
        return None
    identifier = payload["requested_action"]["identifier"]
    named = _EXTERNAL_ID.fullmatch(check["external_id"])
    if identifier not in {FIX_SAFE, FIX_ALL} or named is None or named[2] != check["head_sha"]:
        return None
    return ApplyFix(
        **_place(payload),
        pull_request=int(named[1]),
        head=_sha(check["head_sha"]),
        requested_by=str(sender["login"]),
        requested_by_id=int(sender["id"]),
        unsafe=identifier == FIX_ALL,
    )


def _merge_group(payload: Mapping[str, Any]) -> Job | None:
    group = payload["merge_group"]
    if payload["action"] != "checks_requested":
        return None
    named = _QUEUED.search(str(group["head_ref"]))
    return AnswerMergeGroup(
        **_place(payload),
        pull_request=int(named[1]) if named else 0,
        head=_sha(group["head_sha"]),
    )


def _sha(value: str) -> str:
    if not _SHA.fullmatch(value):
        raise ValueError(value)
    return value
