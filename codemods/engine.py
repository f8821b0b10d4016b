"""Run every selected rule over a file in one pass.

The way of a file: a bytes prefilter, one parse, one walk that gathers references to the names that
rules declare, and only then, for the few references there are, scopes and meaning. libcst comes
last, for findings whose edits somebody asked for.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from codemods import ignores
from codemods.assembly import Assembler
from codemods.base import Base
from codemods.code.module import Module
from codemods.code.source import Source, UnreadableError
from codemods.dispatch import Watchers, dispatch
from codemods.rule import Finding, Rule
from codemods.settings.policy import Policy


@dataclass(frozen=True, slots=True)
class Analysis:
    """What one file says.

    `problem` is empty, or a sentence that says why the file could not be analysed. `silenced` are
    findings that an ignore comment covers; `reasons`, in the same order, what these comments say;
    `unused_ignores` are (line, sentence) pairs. `ignored_rules` are those that a comment
    silences in the whole file.
    """

    path: str
    findings: tuple[Finding, ...] = ()
    silenced: tuple[Finding, ...] = ()
    reasons: tuple[str, ...] = ()
    unused_ignores: tuple[tuple[int, str], ...] = ()
    ignored_rules: frozenset[str] = frozenset()
    problem: str = ""


def may_concern(source: bytes, policy: Policy | None = None) -> bool:
    """Whether a file can have findings at all, by a look at its bytes.

    Args:
        source: the file.
        policy: the one that will hold; None for whichever.
    """
    return b"aws_cdk" in source and bool(dispatch(policy).watchers(source))


def analyse(
    source: bytes,
    path: str,
    policy: Policy | None = None,
    *,
    edits: bool = False,
    base: Base | None = None,
) -> Analysis:
    """Find the mistakes in one file.

    Args:
        source: the file as it is on disk.
        path: what findings call the file.
        policy: which rules run; all with their defaults where None.
        edits: whether findings carry their edits (costs the import of libcst if there are any).
        base: what the base of the change has, where there is a change: fixes of new constructs are
            safe then, and those of deployed ones are not.

    Returns:
        The analysis; it never raises, whatever the bytes are.
    """
    policy = policy or Policy()
    wanted = dispatch(policy).watchers(source) if b"aws_cdk" in source else {}
    if not wanted and not ignores.may_occur(source):
        return Analysis(path)
    try:
        text = Source(source)
        module = Module(path, text, text.parse(), policy, frozenset(wanted))
        findings = _findings(module, wanted, base, edits=edits)
        found = sorted(findings, key=lambda pair: pair[0].start)
        return _without_ignored(module, found)
    except UnreadableError as error:
        return Analysis(path, problem=str(error))
    except (RecursionError, MemoryError):
        return Analysis(path, problem="the code is nested too deeply to be analysed")


def problem_of(source: bytes, policy: Policy | None = None) -> str:
    """Why a file with CDK code that `analyse` did not even parse is broken; empty where it is not.

    `analyse` parses only what a rule may find something in. Where somebody points at one file, a
    broken one is named all the same.

    Args:
        source: the file.
        policy: as it was given to `analyse`.
    """
    if b"aws_cdk" not in source or may_concern(source, policy):
        return ""
    try:
        Source(source).parse()
    except UnreadableError as error:
        return str(error)
    return ""


def _findings(
    module: Module,
    wanted: Mapping[str, Watchers],
    base: Base | None,
    *,
    edits: bool,
) -> Iterator[tuple[Finding, ast.AST]]:
    at_work: dict[type[Rule], Rule] = {}
    assembler = Assembler(module, base, edits=edits)
    found = module.references
    for reference in sorted(found, key=lambda node: (node.lineno, node.col_offset)):
        for kind in wanted[found[reference]].of(module.call_of(reference)):
            rule = at_work.get(kind) or at_work.setdefault(kind, kind())
            for discovery in rule.check(reference, module):
                yield assembler.finding(rule, discovery), discovery.node


def _without_ignored(module: Module, found: list[tuple[Finding, ast.AST]]) -> Analysis:
    comments = ignores.parse(module) if ignores.may_occur(module.source.data) else None
    if comments is None:
        return Analysis(module.path, tuple(finding for finding, _ in found))
    kept: list[Finding] = []
    silenced: list[Finding] = []
    reasons: list[str] = []
    for finding, node in found:
        ignore = comments.cover(finding, node)
        if ignore is None:
            kept.append(finding)
        else:
            silenced.append(finding)
            reasons.append(ignore.reason)
    return Analysis(
        module.path,
        findings=tuple(kept),
        silenced=tuple(silenced),
        reasons=tuple(reasons),
        unused_ignores=tuple(comments.unused()),
        ignored_rules=comments.of_whole_file(),
    )
