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
    report: Report, pull: PullRequest, sources: Sequence[Source], terms: Terms, context: Context
) -> Report:
    """The report with the patch of its safe fixes, where nobody but people can apply them.

    Args:
        report: what was found.
        pull: the pull request.
        sources: its files, as they are at the head.
        terms: what they were judged by.
        context: see `bot.operations`.
    """
    report = dataclasses.replace(report, from_fork=pull.from_fork)
    if pull.may_be_pushed_to or report.reticent:
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
