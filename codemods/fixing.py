"""Apply the fixes that are wanted, until none is left to apply."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from codemods.base import Base
from codemods.engine import Analysis, analyse
from codemods.rewriting.editing import apply_edits, parses
from codemods.rule import Edit, Finding, Safety
from codemods.settings.policy import Policy

_MOST_PASSES = 10  # every pass applies at least one fix; real files settle in two


@dataclass(frozen=True, slots=True)
class Fixed:
    """A file after fixing: its bytes, the fixes applied, and what it says now."""

    source: bytes
    applied: tuple[Finding, ...]
    analysis: Analysis


def fix(
    source: bytes,
    path: str,
    policy: Policy | None = None,
    *,
    unsafe: bool = False,
    wanted: Callable[[Finding], bool] | None = None,
    base: Base | None = None,
) -> Fixed:
    """Apply fixes until none is left to apply.

    Args:
        source: the file as it is on disk.
        path: what findings call the file.
        policy: which rules run. A fix that is off by default is applied only where `policy.select`
            names its rule and `unsafe` is set, or where `wanted` accepts it.
        unsafe: whether unsafe fixes are applied too.
        wanted: takes a finding that has a fix and says whether to apply it; it replaces the rule
            about fixes that are off by default.
        base: what the base of the change has, as for `analyse`.
    """
    policy = policy or Policy()
    applied: list[Finding] = []
    failed: set[str] = set()

    def takes(finding: Finding) -> bool:
        if finding.fix is None or finding.fingerprint in failed:
            return False
        if finding.fix.safety is Safety.UNSAFE and not unsafe:
            return False
        if wanted is not None:
            return wanted(finding)
        return not finding.on_request or finding.rule in policy.select

    for _ in range(_MOST_PASSES):
        analysis = analyse(source, path, policy, edits=True, base=base)
        chosen = _compatible(finding for finding in analysis.findings if takes(finding))
        if not chosen:
            return Fixed(source, tuple(applied), analysis)
        source, done, broken = _applied(source, chosen)
        applied += done
        failed |= {finding.fingerprint for finding in broken}
    return Fixed(source, tuple(applied), analyse(source, path, policy, base=base))


def _compatible(findings: Iterable[Finding]) -> list[Finding]:
    """The findings whose edits can be applied together; the others wait for the next pass."""
    chosen: list[Finding] = []
    taken: list[Edit] = []
    for finding in findings:
        edits = finding.fix.edits if finding.fix else ()
        if edits and not any(_clash(edit, other) for edit in edits for other in taken):
            chosen.append(finding)
            taken += edits
    return chosen


def _clash(one: Edit, other: Edit) -> bool:
    return one.start <= other.end and other.start <= one.end


def _applied(source: bytes, findings: list[Finding]) -> tuple[bytes, list[Finding], list[Finding]]:
    """All fixes at once; where that would not parse, one by one, keeping those that do."""
    together = apply_edits(source, _edits(findings))
    if parses(together):
        return together, findings, []
    for finding in findings:
        alone = apply_edits(source, _edits([finding]))
        if parses(alone):
            return alone, [finding], []
    return source, [], findings


def _edits(findings: Iterable[Finding]) -> list[Edit]:
    return [edit for finding in findings if finding.fix for edit in finding.fix.edits]
