"""Answer a `/fix` that changes nothing: show the commands, or say what was not understood."""

from __future__ import annotations

from bot import markdown
from bot.github import READING_CODE, Repository
from bot.operations import answers, grounds, owners
from bot.operations.context import Context, Outcome, Result
from bot.summary import COMMANDS
from bot.work import AnswerCommand, Job


def applies_to(job: Job) -> bool:
    """For `AnswerCommand`."""
    return isinstance(job, AnswerCommand)


def perform(job: Job, context: Context) -> Outcome:
    """See `bot.operations`."""
    if not isinstance(job, AnswerCommand):
        raise TypeError(type(job).__name__)
    where = job.installation, job.repository_id, job.repository
    with context.github(*where, READING_CODE) as repository:
        refusal = _refusal(repository, job, context)
        line = refusal or COMMANDS
        if job.problem and not refusal:
            line = f"{markdown.text(job.problem)} `/fix help` shows the commands."
        last = answers.REFUSED if job.problem or refusal else answers.DONE
        context.step("seen", answers.react, repository, job.comment, answers.SEEN)
        context.step("answer", answers.answer, repository, job.pull_request, job.request, line)
        context.step("reaction", answers.react, repository, job.comment, last)
    if job.problem or refusal:
        return Outcome(Result.REFUSED, refusal or job.problem)
    return Outcome(Result.DONE, "Help was shown.")


def _refusal(repository: Repository, job: Job, context: Context) -> str:
    """Why no command is of use, rendered; "" where they are."""
    pull, _ = repository.pull_request(job.pull_request)
    contents = repository.contents(files=grounds.configuration_files(pull.base_branch))
    configured = grounds.configuration(job, pull.base_branch, contents, (), context)
    return owners.refusal(configured, job)
