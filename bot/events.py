"""From a webhook to the job that answers it: pure, and the whole list of what the bot reacts to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot import boxes, commands, markdown
from bot.work import (
    AnswerCommand,
    AnswerMergeGroup,
    ApplyFix,
    FollowClosed,
    IgnoreFinding,
    Job,
    ReviewPullRequest,
    TendRepository,
)
from codemods.settings.configuration import OWN_FILE, SHARED_FILE

EVENTS = frozenset({"pull_request", "issue_comment", "check_run", "merge_group", "push"})
"""The events that the App must be subscribed to; those about installations come unasked."""

REVIEWED_ACTIONS = frozenset({"opened", "synchronize", "reopened", "ready_for_review"})

FIX_SAFE = "fix-safe"
FIX_ALL = "fix-all"
FIX_PR = "fix-pr"
"""Identifiers of the check run's buttons (GitHub: at most 20 characters)."""

SUMMARY = "summary"
"""The kind of the marker that ends the summary, and names the commit that it is about."""

OWN_BRANCHES = "cdk-medic/"
"""What the names of the branches begin with that the bot makes."""

_COMMITS_TOLD = 2048
"""GitHub names no more commits of a push."""

_EXTERNAL_ID = re.compile(r"cdk-medic:(\d{1,10}):([0-9a-f]{40})")
_QUEUED = re.compile(r"/pr-(\d{1,10})-[0-9a-f]{40}\Z")
_SHA = re.compile(r"[0-9a-f]{40}")


def jobs_for(event: str, payload: Mapping[str, Any]) -> Sequence[Job]:
    """Turn a verified webhook into work.

    Args:
        event: the `X-GitHub-Event` header.
        payload: the decoded body.

    Returns:
        The jobs, none where the bot has nothing to do. Payloads that are not shaped as GitHub
        documents them are nothing to do as well.
    """
    reader = _READERS.get(event)
    if reader is None:
        return ()
    try:
        return [job for job in reader(payload) if job is not None]
    except (KeyError, TypeError, AttributeError, ValueError):
        return ()


def _place(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "installation": int(payload["installation"]["id"]),
        "repository_id": int(payload["repository"]["id"]),
        "repository": str(payload["repository"]["full_name"]),
    }


def _pull_request(payload: Mapping[str, Any]) -> Job | None:
    return _closed(payload) if payload["action"] == "closed" else _review(payload)


def _closed(payload: Mapping[str, Any]) -> Job | None:
    pull = payload["pull_request"]
    mine = pull["user"]["type"] == "Bot" and str(pull["head"]["ref"]).startswith(OWN_BRANCHES)
    if not mine:
        return None
    return FollowClosed(
        **_place(payload),
        pull_request=int(pull["number"]),
        head=_sha(pull["head"]["sha"]),
        branch=str(pull["head"]["ref"]),
    )


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
    if isinstance(command, commands.IgnoreCommand):
        return IgnoreFinding(
            **place,
            head=command.sha,
            requested_by_id=int(sender["id"]),
            rules=(command.rule,),
            paths=(command.path,) if command.path else (),
            line=command.line,
            reason=command.reason,
            asked_at=str(comment["created_at"]),
        )
    if isinstance(command, commands.FixCommand):
        return ApplyFix(
            **place,
            head=command.sha,
            requested_by_id=int(sender["id"]),
            rules=command.rules,
            paths=command.paths,
            unsafe=command.unsafe,
            proposes=command.proposes,
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
    if (
        identifier not in {FIX_SAFE, FIX_ALL, FIX_PR}
        or named is None
        or named[2] != check["head_sha"]
    ):
        return None
    return ApplyFix(
        **_place(payload),
        pull_request=int(named[1]),
        head=_sha(check["head_sha"]),
        requested_by=str(sender["login"]),
        requested_by_id=int(sender["id"]),
        unsafe=identifier == FIX_ALL,
        proposes=identifier == FIX_PR,
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


def _push(payload: Mapping[str, Any]) -> Job | None:
    branch = payload["repository"]["default_branch"]
    if payload["ref"] != f"refs/heads/{branch}" or payload["deleted"]:
        return None
    commits = payload["commits"]
    # A forced push takes commits away, and of a large one GitHub leaves commits out.
    told = commits and len(commits) < _COMMITS_TOLD and not payload["forced"]
    if told and not any(_concerns(path) for commit in commits for path in _touched(commit)):
        return None
    return TendRepository(**_place(payload), pull_request=0, head="")


def _touched(commit: Mapping[str, Any]) -> list[str]:
    return [*commit["added"], *commit["modified"], *commit["removed"]]


def _concerns(path: str) -> bool:
    return path.endswith(".py") or path in {OWN_FILE, SHARED_FILE}


def _installation(payload: Mapping[str, Any]) -> list[Job]:
    named = {"created": "repositories", "added": "repositories_added"}.get(payload["action"])
    return [
        TendRepository(
            installation=int(payload["installation"]["id"]),
            repository_id=int(repository["id"]),
            repository=str(repository["full_name"]),
            pull_request=0,
            head="",
        )
        for repository in (payload[named] if named else ())
    ]


def _sha(value: str) -> str:
    if not _SHA.fullmatch(value):
        raise ValueError(value)
    return value


def _one(
    reader: Callable[[Mapping[str, Any]], Job | None],
) -> Callable[[Mapping[str, Any]], list[Job | None]]:
    return lambda payload: [reader(payload)]


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Sequence[Job | None]]] = {
    "pull_request": _one(_pull_request),
    "issue_comment": _one(_comment),
    "check_run": _one(_button),
    "merge_group": _one(_merge_group),
    "push": _one(_push),
    "installation": _installation,
    "installation_repositories": _installation,
}
