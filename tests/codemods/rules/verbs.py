"""The verbs in which rule tests speak; each one goes through the public API.

A test module binds them once: `rewrites, leaves, reports = verbs("shared-nat-gateway")`.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Callable
from typing import Any

from codemods import Finding, Policy, analyse, fix

Source = str | bytes


def _bytes(source: Source) -> bytes:
    return source if isinstance(source, bytes) else textwrap.dedent(source).lstrip("\n").encode()


class Verbs:
    """What a rule does to a file: it rewrites it, reports it, or leaves it.

    Args:
        rule: the rule that runs, alone.
        options: its options.
        settings: further fields of the policy.
    """

    def __init__(self, rule: str, options: dict[str, Any] | None = None, **settings: Any) -> None:
        self._rule = rule
        self._policy = Policy(select=frozenset({rule}), options={rule: options or {}}, **settings)

    def rewrites(self, before: Source, after: Source) -> Finding:
        """The file becomes `after` exactly, a fixed point that parses; gives the first finding."""
        source, expected = _bytes(before), _bytes(after)
        found = fix(source, "stack.py", self._policy, unsafe=True)
        assert found.source.decode() == expected.decode()
        assert found.applied, "nothing was applied"
        ast.parse(found.source)
        gone = {finding.fingerprint for finding in found.applied}
        left = [each for each in found.analysis.findings if each.fingerprint in gone]
        assert not left, f"what was fixed is found again: {left}"
        again = fix(found.source, "stack.py", self._policy, unsafe=True)
        assert again.source == found.source, "a second run changes the file again"
        return found.applied[0]

    def reports(self, source: Source, reason: str) -> Finding:
        """There is one finding without a fix, whose refusal contains `reason`."""
        data = _bytes(source)
        analysis = analyse(data, "stack.py", self._policy, edits=True)
        assert not analysis.problem
        (finding,) = analysis.findings
        assert finding.fix is None, f"it would be fixed: {finding.fix}"
        assert reason in finding.refusal
        assert fix(data, "stack.py", self._policy, unsafe=True).source == data
        return finding

    def leaves(self, source: Source) -> None:
        """There is nothing to say about the file."""
        data = _bytes(source)
        analysis = analyse(data, "stack.py", self._policy, edits=True)
        assert not analysis.problem
        assert not analysis.findings, analysis.findings

    def finds(self, source: Source) -> tuple[Finding, ...]:
        """Every finding, with its edits."""
        return analyse(_bytes(source), "stack.py", self._policy, edits=True).findings


def verbs(
    rule: str, options: dict[str, Any] | None = None, **settings: Any
) -> tuple[
    Callable[[Source, Source], Finding], Callable[[Source], None], Callable[[Source, str], Finding]
]:
    """The three verbs of a rule, bound: rewrites, leaves, reports."""
    bound = Verbs(rule, options, **settings)
    return bound.rewrites, bound.leaves, bound.reports
