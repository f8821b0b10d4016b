"""Clean up after one of the bot's own pull requests: its branch goes, or a person is asked why."""

from __future__ import annotations

from bot.fix_pull_requests import onboarding, texts
from bot.fix_pull_requests.plan import ONBOARDING, follows_default_branch, rule_of
from bot.github import Refused, Repository
from bot.operations import answers
from bot.operations.context import Context, Outcome, Result
from bot.work import FollowClosed, Job

_WHY = "closed"
_STALE = "STALE_DATA"


def applies_to(job: Job) -> bool:
    """For `FollowClosed`."""
    return isinstance(job, FollowClosed)


def perform(job: Job, context: Context) -> Outcome:
    """See `bot.operations`."""
    if not isinstance(job, FollowClosed):
        raise TypeError(type(job).__name__)
    with context.github(job.installation, job.repository_id, job.repository) as repository:
        detail = context.step("follow", _follow, repository, job)
    if not detail:
        return Outcome(Result.NOTHING_TO_DO, "It is no pull request of mine, or open again.")
    return Outcome(Result.DONE, detail)


def _follow(repository: Repository, job: FollowClosed) -> str:
    own = repository.proposals.own([job.branch])
    proposal = next((each for each in own if each.number == job.pull_request), None)
    if proposal is None or proposal.state == "open":
        return ""
    if proposal.state == "merged" or proposal.withdrawn:
        return _delete(repository, job.branch, proposal.head)
    if not follows_default_branch(job.branch):
        return "A person closed what a person had asked for."
    rule = rule_of(job.branch)
    line = onboarding.farewell() if job.branch == ONBOARDING else texts.asking(rule)
    refusal = answers.answer(repository, job.pull_request, _WHY, line)
    return refusal or "A person closed it, and is asked why."


def _delete(repository: Repository, branch: str, head: str) -> str:
    """Delete a branch that nobody has moved since."""
    try:
        repository.branches.delete(branch, head)
    except Refused as refusal:
        if refusal.kind == _STALE:
            return f"{branch} was used again, and stays."
        return f"{branch} stays: {refusal.message}"
    return f"{branch} is deleted."
