"""Which fixes go together into one pull request, and what they make of the files."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.analysis.analyser import Analyser
from bot.analysis.source import Source
from bot.analysis.terms import Terms
from bot.fix_pull_requests.plan import branch_for
from bot.scan import DEPLOYED, Scan
from codemods import Finding, Policy, Safety
from codemods.registry import rules


@dataclass(frozen=True, slots=True)
class Group:
    """The fixes of one pull request.

    `findings` are those that it fixes, gravest first, as the default branch has them. `left` are
    findings of the same rules that it does not fix. `files` maps a path to its bytes before and
    after.
    """

    branch: str
    rule: str
    findings: tuple[Finding, ...]
    left: tuple[Finding, ...]
    files: Mapping[str, tuple[bytes, bytes]]

    @property
    def content(self) -> str:
        """What identifies the change that it makes."""
        return digest(self.files)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which fixes are wanted: of which rules the unsafe ones too, which rules are left out."""

    unsafe: Collection[str]
    without: Collection[str]
    together: bool


def digest(files: Mapping[str, tuple[bytes, bytes]]) -> str:
    """What identifies a change: other files, or other bytes in them, make another one."""
    found = hashlib.sha256()
    for path, versions in sorted(files.items()):
        for part in (path.encode("utf-8", "surrogateescape"), *versions):
            found.update(b"%d:" % len(part) + part)
    return found.hexdigest()[:32]


def groups(scan: Scan, choice: Choice, analyser: Analyser) -> list[Group]:
    """The pull requests that a scan asks for, the gravest first; those that change nothing aren't.

    Args:
        scan: the default branch.
        choice: which fixes are wanted.
        analyser: applies them.
    """
    found = findings(scan)
    names = sorted({each.rule for each in found if _is_taken(each, choice)})
    parts = [("", names)] if choice.together else [(rule, [rule]) for rule in names]
    made = [_group(rule, some, scan, choice, analyser) for rule, some in parts]
    return sorted(
        (group for group in made if group.findings),
        key=lambda group: (-group.findings[0].level, group.branch),
    )


def findings(scan: Scan) -> list[Finding]:
    """What a scan found, gravest first."""
    return sorted(
        (finding for file in scan.files for finding in file.analysis.findings),
        key=lambda finding: (-finding.level, finding.path, finding.start),
    )


def _is_taken(finding: Finding, choice: Choice) -> bool:
    if finding.fix is None or finding.rule in choice.without:
        return False
    if finding.on_request:  # one outside of production is not meant by whoever names the rule
        return finding.rule in choice.unsafe and rules()[finding.rule].on_request
    return finding.fix.safety is Safety.SAFE or finding.rule in choice.unsafe


def _group(
    rule: str, names: Sequence[str], scan: Scan, choice: Choice, analyser: Analyser
) -> Group:
    found = [each for each in findings(scan) if each.rule in names]
    taken = [each for each in found if _is_taken(each, choice)]
    paths = {each.path for each in taken}
    sources = [Source(file.path, file.content) for file in scan.files if file.path in paths]
    results = analyser.fix(
        sources,
        Terms(scan.configured.policy or Policy(), DEPLOYED),
        rules=frozenset(names),
        unsafe=True,
        only=frozenset(each.fingerprint for each in taken),
    )
    changed = {
        source.path: (source.content, result.source)
        for source, result in zip(sources, results, strict=True)
        if source.content != result.source and not result.analysis.problem
    }
    fixed = {
        each.fingerprint for result in results for each in result.applied if each.path in changed
    }
    done = [each for each in taken if each.fingerprint in fixed]
    left = [each for each in found if each not in done]
    return Group(branch_for(rule), rule, tuple(done), tuple(left), changed)
