"""What the owner of a repository wants of the bot, whatever the repository says."""

from __future__ import annotations

from bot import markdown
from bot.analysis.source import Source
from bot.analysis.terms import Configured, PolicyFile, Surroundings
from bot.github import Unavailable
from bot.operations.context import Context
from bot.work import Job, TendRepository
from codemods.settings.configuration import OWN_FILE
from codemods.settings.organization import REPOSITORY


def policy(job: Job, context: Context) -> PolicyFile:
    """The policy that a job's repository is under."""
    return context.organizations.policy(job.installation, job.repository)


def denies(job: Job, context: Context) -> bool:
    """Whether the owner keeps the bot out of the repository; raises as `alone` does."""
    found = policy(job, context)
    return bool(found.path) and alone(Surroundings(job.repository, found), context).denied


def alone(around: Surroundings, context: Context) -> Configured:
    """What holds in a repository that has no configuration of its own.

    Raises:
        Unavailable: it cannot be told now; nobody may take that for a policy that wants nothing.
    """
    found = context.analyser.configure(Source(OWN_FILE, b""), around)
    if found.problem:
        raise Unavailable(f"What the owner of {around.repository} wants: {found.problem}.")
    return found


def heed(job: Job, context: Context) -> None:
    """Read the policy anew where a job tells that it may have changed."""
    if isinstance(job, TendRepository) and job.repository.partition("/")[2] == REPOSITORY:
        context.organizations.forget(job.installation)


def refusal(configured: Configured, job: Job) -> str:
    """Why the bot changes nothing in a repository, rendered; "" where it may when it is asked."""
    if configured.mode != "report":
        return ""
    if configured.cap != "report":
        return 'I only report here: the configuration says `mode = "report"` for this repository.'
    owner = markdown.code(job.repository.partition("/")[0])
    return f"I only report here: the policy of {owner} wants no more of me in this repository."
