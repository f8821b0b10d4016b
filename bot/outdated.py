"""Which of the bot's own comments speak of what is no longer there."""

from __future__ import annotations

from bot import review
from bot.github import OwnThread, PullRequest
from bot.report import Report


def outdated(pull: PullRequest, report: Report) -> list[str]:
    """GraphQL ids of the comments, and of the reviews around them, that nobody needs to read.

    A comment is outdated when none of its findings is there any more, whether or not its line
    changed. One that a person answered stays, because the answer would hang in the air; a resolved
    one is folded by GitHub already; and nothing is known of a file that could not be analysed.
    """
    there = {placed.finding.fingerprint for placed in report.findings}
    unknown = {path for path, _ in report.problems}

    def gone(thread: OwnThread) -> bool:
        about = review.fingerprints(thread.body)
        return bool(about) and there.isdisjoint(about) and thread.path not in unknown

    comments = [
        thread.id
        for thread in pull.threads
        if gone(thread) and not (thread.minimized or thread.resolved or thread.answered)
    ]
    reviews = [
        own.id
        for own in pull.reviews
        if not own.minimized
        and (threads := [thread for thread in pull.threads if thread.review == own.id])
        and all(gone(thread) and not thread.answered for thread in threads)
    ]
    return comments + reviews
