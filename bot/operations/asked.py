"""What every request of a person goes through, from the first reaction to the last.

Everything is bound to one commit: the one whose button was pressed or whose summary has the box,
the one that the comment names, or the one that the bot had reported on when the comment was
written. GitHub is asked whether the person may write, and its answer is the only one that counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import boxes, commands, commit, markdown, patch
from bot.analysis.terms import Terms
from bot.fix_pull_requests.plan import follows_default_branch
from bot.github import PERMISSIONS_MISSING, READING_CODE, PullRequest, Refused, Repository
from bot.github.trees import EXECUTABLE, reason_against
from bot.operations import answers, grounds, owners
from bot.operations.context import Context, Outcome, Result, Source
from bot.operations.examine import is_reviewed
from bot.permission import refusal_of
from bot.summary import is_summary
from bot.work import Request, external_id
from codemods import Analysis, Finding, Fixed, Policy
from codemods.registry import rules

COMMITS_AT_MOST = 20
"""On one pull request: should anything ever go round in circles, it ends here."""


COMMIT = "{commit}"
"""Where an answer is to name the commit."""


class No(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """The sentence that refuses a request; without one nobody is answered."""


@dataclass(frozen=True, slots=True)
class Files:
    """The files that a request is about, and what they are judged by.

    `executables` are the paths that a commit of the bot would make plain files; `earlier` is what
    `grounds.History` says; `locked_rules` are those that no pull request can weaken.
    """

    sources: Sequence[Source]
    executables: frozenset[str]
    terms: Terms
    earlier: Mapping[str, Analysis]
    locked_rules: frozenset[str]


@dataclass(frozen=True, slots=True)
class Change:
    """What would be committed: path to bytes before and after, the message, and the answer.

    `findings` are those that it is about.
    """

    files: Mapping[str, tuple[bytes, bytes]]
    findings: Sequence[Finding]
    headline: str
    body: str
    answer: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """The line that says what became of a change, and a hidden mark to leave with it."""

    line: str
    mark: str = ""


Deliver = Callable[[Repository, PullRequest, Change], Delivered]


def push(repository: Repository, pull: PullRequest, change: Change) -> Delivered:
    """Commit a change to the pull request's branch, or raise `No`."""
    if not pull.head_repository:
        raise No("The repository of the branch is gone.")
    try:
        sha = repository.commit(
            pull,
            headline=change.headline,
            body=change.body,
            files={path: after for path, (_, after) in change.files.items()},
        )
    except Refused as refusal:
        if refusal.kind == "STALE_DATA":
            raise No("The branch moved while I was at work: nothing was changed.") from refusal
        place = pull.head_repository if pull.from_fork else pull.head_branch
        problem = f"GitHub does not let me push to {markdown.code(place)}"
        if not pull.from_fork:
            problem += f" ({markdown.text(refusal.message).rstrip('.')})"
        raise No(_by_hand(problem, change)) from refusal
    return Delivered(change.answer.replace(COMMIT, sha), answers.committed(sha, pull.head))


def perform(
    job: Request,
    context: Context,
    change: Callable[[Files, Context], Change],
    deliver: Deliver = push,
) -> Outcome:
    """Have the change made, delivered and answered.

    Args:
        job: the request.
        context: see `bot.operations`.
        change: makes the change, or raises `No`.
        deliver: brings it to where it was asked for, or raises `No`.
    """
    repository, problem = _client(job, context)
    with repository:
        context.step("seen", answers.react, repository, job.comment, answers.SEEN)
        result: dict[str, Any] = context.step(
            "commit", _commit, repository, job, context, change, _unless(problem, deliver)
        )
        line, done, mark = result["line"], result["done"], result["mark"]
        if not line:
            return Outcome(Result.NOTHING_TO_DO, "The box was not in a summary of mine.")
        number, last = job.pull_request, answers.DONE if done else answers.REFUSED
        context.step("answer", answers.answer, repository, number, job.request, line, mark)
        context.step("reaction", answers.react, repository, job.comment, last)
        context.step("box", _untick, repository, job, done)
    return Outcome(Result.DONE if done else Result.REFUSED, line)


def _client(job: Request, context: Context) -> tuple[Repository, str]:
    """A client that may commit, or else one that can say why not, and the reason."""
    where = job.installation, job.repository_id, job.repository
    try:
        return context.github(*where), ""
    except Refused as refusal:
        if refusal.kind != PERMISSIONS_MISSING:
            raise
    return context.github(*where, READING_CODE), "I was installed to comment only"


def _unless(problem: str, deliver: Deliver) -> Deliver:
    """What delivers a change, or says how to take it by hand where the bot may not."""

    def refuse(_: Repository, __: PullRequest, change: Change) -> Delivered:
        raise No(_by_hand(problem, change))

    return refuse if problem else deliver


def changed(sources: Sequence[Source], results: Sequence[Fixed]) -> list[tuple[Source, Fixed]]:
    """The files that are other than they were, each as it was and as it is."""
    return [
        (source, result)
        for source, result in zip(sources, results, strict=True)
        if result.source != source.content and not result.analysis.problem
    ]


def _commit(
    repository: Repository,
    job: Request,
    context: Context,
    change: Callable[[Files, Context], Change],
    deliver: Deliver,
) -> dict[str, Any]:
    try:
        pull, _ = repository.pull_request(job.pull_request)
        for sha, message in pull.recent:
            if commit.answers(message, job.request):
                return {"done": True, "line": f"Committed as {sha}.", "mark": ""}
        _check(repository, job, pull)
        made = change(_files(repository, job, pull, context), context)
        delivered = deliver(repository, pull, made)
    except No as no:
        return {"done": False, "line": str(no), "mark": ""}
    except Refused as refusal:
        line = f"GitHub refused: {markdown.text(refusal.message)}"
        return {"done": False, "line": line, "mark": ""}
    return {"done": True, "line": delivered.line, "mark": delivered.mark}


def _untick(repository: Repository, job: Request, done: bool) -> str:
    """Empty the box again; after a commit, the review of the new head writes the whole summary."""
    if not job.box or done:
        return ""
    try:
        pull, _ = repository.pull_request(job.pull_request)
        for own in pull.comments:
            empty = boxes.untick(own.body)
            if own.id == job.box and own.body != empty:
                repository.edit_comment(own.id, empty)
    except Refused as refusal:
        return refusal.message
    return ""


def _check(repository: Repository, job: Request, pull: PullRequest) -> None:
    if job.box and not any(own.id == job.box and is_summary(own.body) for own in pull.comments):
        raise No
    if not pull.open:
        raise No("The pull request is closed.")
    if pull.own and follows_default_branch(pull.head_branch):
        raise No(
            "I build this branch again whenever the default branch moves, and another commit of "
            "mine would be lost. What you push yourself stays; then I leave the branch to you."
        )
    permission = repository.permission(job.requested_by)
    refusal = refusal_of(job.requested_by, permission, pull)
    if refusal:
        raise No(refusal)
    problem = commands.unknown_rule(job.rules, rules())
    if problem:
        raise No(markdown.text(problem))
    if pull.from_fork and len(job.head) < len(pull.head):
        # Who may push to the fork could craft another commit that begins with the same digits.
        raise No(
            "On a pull request from a fork, name the commit that you looked at, with all of its "
            "40 digits: `/fix SHA`."
        )
    if job.head:
        named = pull.head.startswith(job.head)
        if not named and (job.comment or not answers.stands_on(pull, job.head)):
            raise No(
                f"The branch is at {commit.short(pull.head)} by now, not at "
                f"{commit.short(job.head)}: nothing was changed."
            )
    elif not _reported_on(pull, job.asked_at):
        raise No(
            f"The branch is at {commit.short(pull.head)}, which had no report yet when you wrote "
            "this. Write `/fix` again once the check has finished."
        )
    if len([sha for sha, text in pull.recent if commit.made_by_request(text)]) >= COMMITS_AT_MOST:
        raise No(
            f"This pull request has {COMMITS_AT_MOST} commits of mine, and I add no more. The "
            "suggestions of the review can still be committed."
        )


def _reported_on(pull: PullRequest, asked_at: str) -> bool:
    asked = dt.datetime.fromisoformat(asked_at)
    name = external_id(pull.number, pull.head)
    return any(
        run.external_id == name and run.completed_at is not None and run.completed_at <= asked
        for run in pull.check_runs
    )


def _files(repository: Repository, job: Request, pull: PullRequest, context: Context) -> Files:
    tree = repository.tree(pull.head)
    rows = repository.changed_files(pull.number)
    here = [row.path for row in rows if is_reviewed(row) and not reason_against(row.path)]
    paths = list(dict.fromkeys(job.paths)) or here
    unlisted = [path for path in paths if path in here and path not in tree]
    if unlisted and not tree.whole:
        raise No(
            f"GitHub lists only a part of so large a repository, and {markdown.code(unlisted[0])} "
            "is not in it. The suggestions of the review can be committed there, and `/fix` with a "
            "path fixes another file."
        )
    unknown = [path for path in job.paths if path not in here or path not in tree]
    if unknown:
        raise No(f"This pull request changes no Python file {markdown.code(unknown[0])}.")
    paths = [path for path in paths if path in tree and tree[path].is_file]
    blobs = list(dict.fromkeys(tree[path].sha for path in paths))
    contents = repository.contents(blobs, grounds.configuration_files(pull.base_branch))
    configured = grounds.configuration(job, pull.base_branch, contents, paths, context)
    refusal = owners.refusal(configured, job)
    if refusal:
        raise No(refusal)
    policy = configured.policy or Policy()
    sources = [
        Source(path, content)
        for path in paths
        if path not in configured.left_alone
        and (content := contents.get(tree[path].sha)) is not None
    ]
    history = grounds.history(repository, pull, rows, policy, context)
    executables = frozenset(path for path in paths if tree[path].mode == EXECUTABLE)
    terms = Terms(policy, history.base)
    return Files(sources, executables, terms, history.earlier, configured.locked_rules)


def _by_hand(problem: str, change: Change) -> str:
    line = f"{problem}. The suggestions of the review can be committed there"
    block = patch.folded(change.files)
    return f"{line}, and so can this patch.\n\n{block}" if block else f"{line}."
