"""Ignore comments: `# cdk-medic: ignore[rule, …] until=2027-01-31 -- reason`.

One covers findings on its own line, on any line of the statement it stands in, and on the line
below a comment of its own; `ignore-file[rule]` covers the file. Unused ones are reported, so that
none outlives its reason.
"""

from __future__ import annotations

import ast
import datetime as dt
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field

from codemods.code.module import Module
from codemods.registry import rules
from codemods.rule import Finding

_COMMENT = re.compile(
    r"#\s*cdk-medic:\s*(?P<verb>ignore|ignore-file)\[(?P<rules>[^\]]*)\]"
    r"(?:\s+until=(?P<until>\S+))?(?:\s+--\s*(?P<reason>.*))?"
)
_MARK = b"cdk-medic:"


@dataclass
class Ignore:
    """One ignore comment: its 1-based line, the rules, the last day on which it holds."""

    line: int
    rules: frozenset[str]
    whole_file: bool
    alone: bool
    until: dt.date | None
    reason: str
    trouble: str = ""
    used: set[str] = field(default_factory=set)


class Ignores:
    """The ignore comments of a file, which remember what they covered."""

    def __init__(self, module: Module, found: list[Ignore]) -> None:
        self._module = module
        self._ignores = found

    def cover(self, finding: Finding, node: ast.AST) -> Ignore | None:
        """The first comment that silences a finding at a node; None where none does."""
        covering = None
        lines = self._lines(node)
        for ignore in self._ignores:
            if ignore.trouble or finding.rule not in ignore.rules:
                continue
            if ignore.whole_file or ignore.line in lines or self._above(ignore, node):
                ignore.used.add(finding.rule)
                covering = covering or ignore
        return covering

    def of_whole_file(self) -> frozenset[str]:
        """The rules that are silenced wherever in the file."""
        counting = (each for each in self._ignores if each.whole_file and not each.trouble)
        return frozenset(rule for ignore in counting for rule in ignore.rules)

    def unused(self) -> Iterator[tuple[int, str]]:
        """A line and a sentence for each comment, or rule in one, that silences nothing."""
        for ignore in self._ignores:
            if ignore.trouble:
                yield ignore.line, ignore.trouble
                continue
            for rule in sorted(ignore.rules - ignore.used):
                if rule not in rules(self._module.policy.packs):
                    yield ignore.line, f"the ignore names {rule}, which is no rule"
                elif self._module.policy.wants(rule):
                    yield ignore.line, f"the ignore of {rule} silences nothing"

    def _lines(self, node: ast.AST) -> range:
        """The lines of the statement around a node; of a compound one, its header."""
        statement = self._module.statement(node)
        body = getattr(statement, "body", None)
        last = statement.end_lineno or statement.lineno
        if isinstance(body, list) and body:
            last = max(statement.lineno, body[0].lineno - 1)
        return range(statement.lineno, last + 1)

    def _above(self, ignore: Ignore, node: ast.AST) -> bool:
        below = {self._lines(node).start, getattr(node, "lineno", 0)}
        return ignore.alone and ignore.line + 1 in below


def may_occur(source: bytes) -> bool:
    """Whether a file can hold an ignore comment, by a look at its bytes."""
    return _MARK in source


def parse(module: Module) -> Ignores:
    """The ignore comments of a module, which know what they cover."""
    today = module.policy.today or dt.datetime.now(tz=dt.UTC).date()
    return Ignores(module, listed(module.source.text, today))


def listed(text: str, today: dt.date) -> list[Ignore]:
    """Read ignore comments, from the comments of the code alone, not from its strings.

    Args:
        text: code that parses.
        today: the day by which a comment expires.
    """
    found = []
    for token in _comments(text):
        match = _COMMENT.search(token.string)
        if match:
            alone = not token.line[: token.start[1]].strip()
            found.append(_ignore(match, token.start[0], alone=alone, today=today))
    return found


def _comments(text: str) -> Iterator[tokenize.TokenInfo]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield token
    except (tokenize.TokenError, SyntaxError):  # it parsed, so what is left holds no comments
        return


def _ignore(match: re.Match[str], line: int, *, alone: bool, today: dt.date) -> Ignore:
    ignore = Ignore(
        line=line,
        rules=frozenset(re.findall(r"[\w-]+", match["rules"])),
        whole_file=match["verb"] == "ignore-file",
        alone=alone,
        until=None,
        reason=(match["reason"] or "").strip(),
    )
    if not ignore.rules:
        ignore.trouble = "the ignore names no rule"
    if match["until"]:
        try:
            ignore.until = dt.date.fromisoformat(match["until"])
        except ValueError:
            ignore.trouble = f"until={match['until']} is not a date such as until=2027-01-31"
        else:
            if ignore.until < today:
                ignore.trouble = f"the ignore expired on {ignore.until}"
    return ignore
