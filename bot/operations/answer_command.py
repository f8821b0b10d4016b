"""Answer a `/fix` that changes nothing: show the commands, or say what was not understood."""

from __future__ import annotations

from bot import markdown
from bot.github import READING_CODE
from bot.operations import answers
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
    line = COMMANDS
    if job.problem:
        line = f"{markdown.text(job.problem)} `/fix help` shows the commands."
    last = answers.REFUSED if job.problem else answers.DONE
    where = job.installation, job.repository_id, job.repository
    with context.github(*where, READING_CODE) as repository:
        context.step("seen", answers.react, repository, job.comment, answers.SEEN)
        context.step("answer", answers.answer, repository, job.pull_request, job.request, line)
        context.step("reaction", answers.react, repository, job.comment, last)
    return Outcome(Result.REFUSED if job.problem else Result.DONE, job.problem or "Help was shown.")
