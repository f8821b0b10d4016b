"""Commit the safe fixes of new findings because the configuration of the base branch asks for it.

It never goes in a loop: the commit is reviewed as any other, and not fixed again.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot import commit
from bot.github import PullRequest, Refused, Repository
from bot.github.trees import REGULAR, reason_against
from bot.operations.asked import COMMITS_AT_MOST
from bot.operations.context import Context
from bot.operations.examine import Examination
from bot.work import Job
from codemods import Finding, Safety

_NOTHING = {"commit": "", "refusal": ""}


def commit_fixes(
    job: Job, pull: PullRequest, found: Examination, context: Context
) -> dict[str, str]:
    """Make one commit on the head that was examined, where there is something to fix.

    Returns:
        Under `commit` the SHA, empty where there is none; under `refusal` why GitHub took none.
    """
    wanted = _wanted(pull, found)
    if not wanted:
        return _NOTHING
    try:
        with context.github(job.installation, job.repository_id, job.repository) as repository:
            files, applied = _fixed(repository, pull, found, wanted, context)
            if not files:
                return _NOTHING
            sha = repository.commit(
                pull,
                headline=commit.headline(applied),
                body=commit.unasked_body(applied, pull.head, pull.base_branch),
                files=files,
            )
    except Refused as refusal:
        if refusal.kind == "STALE_DATA":
            return _NOTHING  # the new head has a review of its own
        return {"commit": "", "refusal": f"No commit: {refusal.message}"}
    return {"commit": sha, "refusal": ""}


def _wanted(pull: PullRequest, found: Examination) -> frozenset[str]:
    """The fingerprints of what is to be fixed."""
    own = [sha for sha, message in pull.recent if commit.made_by_request(message)]
    if (
        found.configured.mode != "commit"
        or pull.from_fork
        or pull.draft
        or pull.by_bot
        or pull.head in own
        or len(own) >= COMMITS_AT_MOST
    ):
        return frozenset()
    return frozenset(
        finding.fingerprint
        for placed in found.report.new
        if (finding := placed.finding).fix and finding.fix.safety is Safety.SAFE
    )


def _fixed(
    repository: Repository,
    pull: PullRequest,
    found: Examination,
    wanted: frozenset[str],
    context: Context,
) -> tuple[Mapping[str, bytes], list[Finding]]:
    """The files to commit and what is fixed in them; a commit of the bot would lose modes."""
    paths = {placed.finding.path for placed in found.report.new}
    tree = repository.tree(pull.head)
    sources = [
        source
        for source in found.sources
        if source.path in paths
        and source.path in tree
        and tree[source.path].mode == REGULAR
        and not reason_against(source.path)
    ]
    fixed = context.analyser.fix(sources, found.terms, rules=frozenset(), unsafe=False, only=wanted)
    files: dict[str, bytes] = {}
    applied: list[Finding] = []
    for source, result in zip(sources, fixed, strict=True):
        if result.source != source.content and not result.analysis.problem:
            files[source.path] = result.source
            applied += result.applied
    return files, applied
