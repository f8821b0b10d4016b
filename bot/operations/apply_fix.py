"""Apply fixes because a person asked: by a button of the check run, a box, or `/fix`.

Everything is bound to one commit: the one whose button was pressed or whose summary has the box,
the one that the comment names, or the one that the bot had reported on when the comment was
written. GitHub is asked whether the person may write, and its answer is the only one that counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot import boxes, commands, commit, markdown
from bot.analysis.terms import Terms
from bot.events import ApplyFix, Job, external_id
from bot.github import PullRequest, Refused, Repository
from bot.operations import answers, grounds
from bot.operations.context import Context, Outcome, Result, Source
from bot.operations.review_pull_request import is_reviewed
from bot.permission import refusal_of
from bot.summary import is_summary
from bot.words import count
from codemods import Finding, Fixed, Policy, Safety
from codemods.registry import rules
from codemods.unified_diff import unified_diff

_REGULAR, _EXECUTABLE = "100644", "100755"
_PATCH_AT_MOST = 30_000  # characters; half a comment


COMMITS_AT_MOST = 20
"""On one pull request: should anything ever go round in circles, it ends here."""


class _No(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """The sentence that refuses a request; without one nobody is answered."""


@dataclass(frozen=True, slots=True)
class _Change:
    """What would be committed: path to bytes before and after; what that fixes; what it leaves."""

    files: dict[str, tuple[bytes, bytes]]
    applied: list[Finding]
    executables: list[str]
    left: list[Finding]


def applies_to(job: Job) -> bool:
    """For `ApplyFix`."""
    return isinstance(job, ApplyFix)


def perform(job: Job, context: Context) -> Outcome:
    """See `bot.operations`."""
    if not isinstance(job, ApplyFix):
        raise TypeError(type(job).__name__)
    with context.github(job.installation, job.repository_id, job.repository) as repository:
        context.step("seen", answers.react, repository, job.comment, answers.SEEN)
        result: dict[str, Any] = context.step("commit", _commit, repository, job, context)
        line, done = result["line"], result["done"]
        if not line:
            return Outcome(Result.NOTHING_TO_DO, "The box was not in a summary of mine.")
        context.step(
            "answer",
            answers.answer,
            repository,
            job.pull_request,
            job.request,
            line,
            result["mark"],
        )
        context.step(
            "reaction",
            answers.react,
            repository,
            job.comment,
            answers.DONE if done else answers.REFUSED,
        )
        context.step("box", _untick, repository, job, done)
    return Outcome(Result.DONE if done else Result.REFUSED, line)


def _commit(repository: Repository, job: ApplyFix, context: Context) -> dict[str, Any]:
    try:
        pull, _ = repository.pull_request(job.pull_request)
        for sha, message in pull.recent:
            if commit.answers(message, job.request):
                return {"done": True, "line": f"Committed as {sha}.", "mark": ""}
        _check(repository, job, pull)
        change = _change(repository, job, pull, context)
        sha = _push(repository, job, pull, change)
    except _No as no:
        return {"done": False, "line": str(no), "mark": ""}
    except Refused as refusal:
        line = f"GitHub refused: {markdown.text(refusal.message)}"
        return {"done": False, "line": line, "mark": ""}
    return {"done": True, "line": _done(change, sha), "mark": answers.committed(sha, pull.head)}


def _untick(repository: Repository, job: ApplyFix, done: bool) -> str:
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


def _check(repository: Repository, job: ApplyFix, pull: PullRequest) -> None:
    if job.box and not any(own.id == job.box and is_summary(own.body) for own in pull.comments):
        raise _No
    if not pull.open:
        raise _No("The pull request is closed.")
    permission = repository.permission(job.requested_by)
    refusal = refusal_of(job.requested_by, permission, pull)
    if refusal:
        raise _No(refusal)
    problem = commands.unknown_rule(job.rules, rules())
    if problem:
        raise _No(markdown.text(problem))
    if pull.from_fork and len(job.head) < len(pull.head):
        # Who may push to the fork could craft another commit that begins with the same digits.
        raise _No(
            "On a pull request from a fork, name the commit that you looked at, with all of its "
            "40 digits: `/fix SHA`."
        )
    if job.head:
        named = pull.head.startswith(job.head)
        if not named and (job.comment or not answers.stands_on(pull, job.head)):
            raise _No(
                f"The branch is at {commit.short(pull.head)} by now, not at "
                f"{commit.short(job.head)}: nothing was changed."
            )
    elif not _reported_on(pull, job.asked_at):
        raise _No(
            f"The branch is at {commit.short(pull.head)}, which had no report yet when you wrote "
            "this. Write `/fix` again once the check has finished."
        )
    if len([sha for sha, text in pull.recent if commit.made_by_request(text)]) >= COMMITS_AT_MOST:
        raise _No(
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


def _change(repository: Repository, job: ApplyFix, pull: PullRequest, context: Context) -> _Change:
    tree = repository.tree(pull.head)
    rows = repository.changed_files(pull.number)
    changed = [row.path for row in rows if is_reviewed(row)]
    paths = [path for path in changed if path in tree and not _is_off_limits(path)]
    unknown = [path for path in job.paths if path not in paths]
    if unknown:
        raise _No(f"This pull request changes no Python file {markdown.code(unknown[0])}.")
    paths = [
        path
        for path in dict.fromkeys(job.paths or paths)
        if tree[path].mode in {_REGULAR, _EXECUTABLE}
    ]
    blobs = list(dict.fromkeys(tree[path].sha for path in paths))
    contents = repository.contents(blobs, grounds.configuration_files(pull.base_branch))
    configured = grounds.configuration(pull.base_branch, contents, paths, context)
    policy = configured.policy or Policy()
    sources = [
        Source(path, content)
        for path in paths
        if path not in configured.excluded and (content := contents.get(tree[path].sha)) is not None
    ]
    base = grounds.history(repository, pull, rows, policy, context).base
    fixed = context.analyser.fix(
        sources, Terms(policy, base), rules=frozenset(job.rules), unsafe=job.unsafe
    )
    pairs = [
        (source, result)
        for source, result in zip(sources, fixed, strict=True)
        if result.source != source.content and not result.analysis.problem
    ]
    modes = {path: tree[path].mode for path in paths}
    change = _Change(
        {s.path: (s.content, f.source) for s, f in pairs if modes[s.path] == _REGULAR},
        [each for s, f in pairs if modes[s.path] == _REGULAR for each in f.applied],
        [s.path for s, f in pairs if modes[s.path] == _EXECUTABLE],
        _left(fixed, job),
    )
    if not change.files:
        raise _No(_nothing(change))
    return change


def _push(repository: Repository, job: ApplyFix, pull: PullRequest, change: _Change) -> str:
    if not pull.head_repository:
        raise _No("The repository of the branch is gone.")
    try:
        return repository.commit(
            pull,
            headline=commit.headline(change.applied),
            body=commit.body(change.applied, job.request, job.requested_by, job.requested_by_id),
            files={path: after for path, (_, after) in change.files.items()},
        )
    except Refused as refusal:
        if refusal.kind == "STALE_DATA":
            raise _No("The branch moved while I was at work: nothing was changed.") from refusal
        if pull.from_fork:
            raise _No(_by_hand(pull, change)) from refusal
        raise


def _by_hand(pull: PullRequest, change: _Change) -> str:
    line = (
        f"GitHub does not let me push to {markdown.code(pull.head_repository)}. The suggestions of "
        "the review can be committed there"
    )
    patch = b"".join(
        unified_diff(path, before, after) for path, (before, after) in change.files.items()
    ).decode(errors="replace")
    if len(patch) > _PATCH_AT_MOST or markdown.has_bidi(patch):
        return f"{line}."
    block = markdown.details("The patch", markdown.fence(patch, "diff"))
    return f"{line}, or this patch applied with `git apply -p0`.\n\n{block}"


def _is_off_limits(path: str) -> bool:
    parts = path.lower().split("/")
    return parts[0] == ".github" or any(part in {"", ".", "..", ".git"} for part in parts)


def _left(fixed: Sequence[Fixed], job: ApplyFix) -> list[Finding]:
    """Findings with a fix that this request did not ask for, or that did not work."""
    return [
        finding
        for result in fixed
        for finding in result.analysis.findings
        if finding.fix is not None
        and not finding.on_request
        and (not job.rules or finding.rule in job.rules)
    ]


def _done(change: _Change, sha: str) -> str:
    names = sorted({finding.rule for finding in change.applied})
    line = (
        f"{count(len(change.applied), 'finding')} fixed in {sha}: "
        f"{', '.join(map(markdown.code, names))}."
    )
    return " ".join([line, *_hints(change)])


def _nothing(change: _Change) -> str:
    return " ".join(["There was nothing that I could fix.", *_hints(change)])


def _hints(change: _Change) -> list[str]:
    hints = []
    unsafe = sorted({f.rule for f in change.left if f.fix and f.fix.safety is Safety.UNSAFE})
    if unsafe:
        example = markdown.code(f"/fix --unsafe {' '.join(unsafe)}")
        number = len([f for f in change.left if f.rule in unsafe])
        hints.append(f"{count(number, 'unsafe fix')} more: {example}.")
    if change.executables:
        names = ", ".join(map(markdown.code, change.executables))
        hints.append(f"{names} would lose the executable bit: use the suggestions there.")
    return hints
