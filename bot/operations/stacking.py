"""Propose a change as a pull request onto the branch of another one."""

from __future__ import annotations

from bot import commit
from bot.events import OWN_BRANCHES
from bot.fix_pull_requests import texts
from bot.fix_pull_requests.groups import Group, digest
from bot.github import PullRequest, Repository
from bot.operations.asked import Change, Delivered, No
from bot.words import count


def propose(repository: Repository, pull: PullRequest, change: Change) -> Delivered:
    """Open a pull request with a change onto a pull request's branch, or raise `No`.

    Its branch is named after the pull request, its head and the change, so that whoever asks for
    the same again is shown the one that is there.
    """
    if pull.from_fork:
        raise No(
            "This pull request comes from a fork, where I can open none. `/fix SHA` commits to its "
            "branch where GitHub lets me, and the suggestions of the review always work."
        )
    findings = tuple(change.findings)
    branch = _branch(pull, change)
    group = Group(branch, "", findings, (), change.files)
    what = count(len(findings), "finding")
    there = [each for each in repository.proposals.own([branch]) if each.state == "open"]
    if there:
        return Delivered(f"#{there[0].number} fixes {what} already: merge it into this branch.")
    if not repository.branches.head(branch):
        files = {path: after for path, (_, after) in change.files.items()}
        sha = repository.branches.commit(pull.head, files, change.headline, change.body)
        repository.branches.create(branch, sha)
    number = repository.proposals.open(
        title=change.headline,
        body=texts.stacked(group, pull.number),
        branch=branch,
        base=pull.head_branch,
    )
    return Delivered(f"#{number} fixes {what}: merge it into this branch.")


def _branch(pull: PullRequest, change: Change) -> str:
    return f"{OWN_BRANCHES}fix-{pull.number}-{commit.short(pull.head)}-{digest(change.files)[:8]}"
