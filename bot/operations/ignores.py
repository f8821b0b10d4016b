"""Ignore comments for rules that the repository's owner locks: the base must have them first.

Otherwise whoever opens a pull request would decide what is not wrong in it.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from bot.analysis.terms import Configured
from bot.github import PullRequest
from bot.report import ReviewedFile, is_among
from bot.words import count
from bot.work import Job
from codemods import Analysis


def without_void_ignores(
    files: Sequence[ReviewedFile], configured: Configured, pull: PullRequest, job: Job
) -> tuple[list[ReviewedFile], list[str]]:
    """The files with the findings back that no comment of the pull request may silence.

    Such a finding has no fix: none could be applied while the comment stands there. The second
    value is a sentence about each rule that it happened to.
    """
    owner = job.repository.partition("/")[0]
    why = f"A comment ignores it, which counts once {pull.base_branch} has it"
    enforced: list[ReviewedFile] = []
    void: list[str] = []
    for file in files:
        analysis = file.analysis
        before = file.earlier or Analysis(analysis.path)
        anyhow = before.ignored_rules & analysis.ignored_rules
        kept = [
            finding.rule not in configured.locked_rules - anyhow
            or is_among(finding, before.silenced)
            for finding in analysis.silenced
        ]
        back = [
            replace(finding, fix=None, refusal=why)
            for finding, silent in zip(analysis.silenced, kept, strict=True)
            if not silent
        ]
        void += [finding.rule for finding in back]
        analysis = replace(
            analysis,
            findings=tuple(sorted((*analysis.findings, *back), key=lambda each: each.start)),
            silenced=tuple(itertools.compress(analysis.silenced, kept)),
            reasons=tuple(itertools.compress(analysis.reasons, kept)),
        )
        enforced.append(replace(file, analysis=analysis))
    return enforced, [
        f"The policy of {owner} locks {rule}: a comment that ignores it counts only once "
        f"{pull.base_branch} has it. That leaves {count(void.count(rule), 'finding')} here."
        for rule in sorted(set(void))
    ]
