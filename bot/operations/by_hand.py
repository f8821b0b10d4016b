"""The patch in the report about a branch that the bot can't push to."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from bot import patch
from bot.analysis.terms import Terms
from bot.github import PullRequest
from bot.operations.context import Context, Source
from bot.report import Report
from codemods import Safety


def patched(
    report: Report,
    pull: PullRequest,
    sources: Sequence[Source],
    terms: Terms,
    context: Context,
    *,
    may_commit: bool,
) -> Report:
    """The report with the patch of its safe fixes, for a branch where only people can apply them.

    Args:
        report: what was found.
        pull: the pull request.
        sources: its files, as they are at the head.
        terms: what they were judged by.
        context: see `bot.operations`.
        may_commit: whether the App has the permission, see `Repository`.
    """
    report = dataclasses.replace(report, from_fork=pull.from_fork)
    if (may_commit and pull.may_be_pushed_to) or report.reticent:
        return report
    paths = {finding.path for finding in report.fixable(Safety.SAFE)}
    wanted = [source for source in sources if source.path in paths]
    fixed = context.analyser.fix(wanted, terms, rules=frozenset(), unsafe=False)
    changes = {
        source.path: (source.content, result.source)
        for source, result in zip(wanted, fixed, strict=True)
        if result.source != source.content and not result.analysis.problem
    }
    return dataclasses.replace(report, pushable=False, patch=patch.folded(changes))
