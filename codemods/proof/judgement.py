"""Whether the templates differ in exactly what the rules declare. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from codemods.proof.comparison import Change, Comparison, Outcome
from codemods.rule import Finding


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the fixes explain of the differences, and what they do not.

    Attributes:
        comparison: everything that differs.
        causes: by stack and logical id, the rules that declare everything about that resource.
        unexplained: resources with something that no applied fix declares.
        idle: fixes of which nothing is seen in the templates.
        monthly_usd: what the others cost (less: negative) a month by the rules' own estimates.
        assumptions: what that number rests on.
    """

    comparison: Comparison
    causes: Mapping[tuple[str, str], tuple[str, ...]]
    unexplained: tuple[Change, ...]
    idle: tuple[Finding, ...]
    monthly_usd: float
    assumptions: tuple[str, ...]

    @property
    def exact(self) -> bool:
        """Whether nothing but what was declared differs; a broken export differs as an output."""
        return not (self.unexplained or self.comparison.others)


def judge(comparison: Comparison, applied: Sequence[Finding]) -> Judgement:
    """Hold the differences against what the applied fixes declare."""
    fixes = [(finding, finding.fix) for finding in applied if finding.fix is not None]
    causes: dict[tuple[str, str], tuple[str, ...]] = {}
    unexplained = []
    seen: set[str] = set()
    for change in comparison.changes:
        rules = {
            finding.rule for finding, fix in fixes for name in change.names if name in fix.changes
        }
        if _declared(change, applied):
            causes[change.stack, change.resource] = tuple(sorted(rules))
            seen.update(change.names)
        else:
            unexplained.append(change)
    working = [(finding, fix) for finding, fix in fixes if seen.intersection(fix.changes)]
    costs = [fix for _, fix in working if fix.monthly_cost_usd is not None]
    return Judgement(
        comparison,
        causes,
        tuple(unexplained),
        tuple(finding for finding, fix in fixes if not seen.intersection(fix.changes)),
        sum(fix.monthly_cost_usd or 0.0 for fix in costs),
        tuple(dict.fromkeys(fix.cost_assumption for fix in costs if fix.cost_assumption)),
    )


def _declared(change: Change, applied: Sequence[Finding]) -> bool:
    fixes = [finding.fix for finding in applied if finding.fix is not None]
    if change.outcome is Outcome.REMOVED:
        return False
    if change.outcome is Outcome.REPLACED and not any(change.kind in it.replaces for it in fixes):
        return False
    return all(any(name in fix.changes for fix in fixes) for name in change.names)
