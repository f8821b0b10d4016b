"""How a file is laid out: how long its lines may be, and which quotes it prefers."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, TypeGuard

from codemods.code.nodes import walk
from codemods.code.source import Source

if TYPE_CHECKING:
    from codemods.code.module import Module

_SHORTEST_LIMIT = 88  # the default of black and ruff
_TAB = 4  # columns; the default of ruff
_CODE = re.compile(r"""(?:[^#'"]|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")*""")
_LINE_END = re.compile(r"\r\n|[\r\n]")  # what the tokenizer takes for one, and nothing else
_QUOTE = re.compile(r"\A[A-Za-z]*('''|\"\"\"|'|\")")


class Layout:
    """The layout of one file. Each question is answered once, when a fix first asks it.

    Args:
        source: the file.
        tree: its syntax tree.
        limit: the project's own line length in columns, None where it sets none.
    """

    def __init__(self, source: Source, tree: ast.Module, limit: int | None) -> None:
        self._source = source
        self._tree = tree
        self._limit = limit

    @cached_property
    def line_limit(self) -> int:
        """How many columns a line of code may have.

        That is the project's own setting; where it has none, as many as the longest line of code
        here has, and never fewer than black's and ruff's default.
        """
        if self._limit is not None:
            return self._limit
        return max(_SHORTEST_LIMIT, _longest_code(self._source, self._tree))

    @cached_property
    def quote(self) -> str:
        """The quote that most of a file's one-line strings have; `"` where they are even."""
        counts: Counter[str] = Counter()
        inside: set[ast.AST] = set()
        for node in walk(self._tree):
            if node in inside or not _is_string(node):
                continue
            if isinstance(node, ast.JoinedStr):
                inside.update(walk(node))
            counts.update(_QUOTE.findall(self._source.code(node)))
        return "'" if counts["'"] > counts['"'] else '"'

    @cached_property
    def indent_unit(self) -> str:
        """One step of indentation as the file has it: that of its first indented block."""
        for statement in walk(self._tree):
            body = getattr(statement, "body", None)
            if isinstance(statement, ast.stmt) and isinstance(body, list):
                lines = ((node.lineno, node.col_offset) for node in (statement, body[0]))
                outer, inner = (self._source.line(line)[:column] for line, column in lines)
                if inner.startswith(outer) and inner != outer and not inner.strip():
                    return inner[len(outer) :]
        return "    "


def line_limit(module: Module) -> int:
    """See `Layout.line_limit`."""
    return module.layout.line_limit


def quote(module: Module) -> str:
    """See `Layout.quote`."""
    return module.layout.quote


def quoted(module: Module, text: str) -> str:
    """A text as a string literal, in the quotes of the file."""
    literal = repr(text)
    mark = quote(module)
    plain = mark not in text and literal[1:-1] == text
    return f"{mark}{text}{mark}" if plain else literal


def width(line: str) -> int:
    """The columns that a line takes up."""
    return len(line.expandtabs(_TAB))


def around(module: Module, node: ast.expr) -> tuple[str, str]:
    """What stands before and behind a node on its lines, without spaces at the end."""
    source = module.source
    start, end = source.span(node)
    first, _ = source.line_span(node.lineno)
    _, last = source.line_span(node.end_lineno or node.lineno)
    return source.slice(first, start), source.slice(end, last).rstrip()


def indent_of(line: str) -> str:
    """The spaces and tabs that a line begins with."""
    return line[: len(line) - len(line.lstrip())]


def _is_string(node: ast.AST) -> TypeGuard[ast.Constant | ast.JoinedStr]:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _longest_code(source: Source, tree: ast.Module) -> int:
    """The columns of the longest line of code, comments and multi-line strings left out.

    0 where no line is longer than the shortest limit, so that most files take one look.
    """
    lines = _LINE_END.split(source.text)
    long = {row for row, line in enumerate(lines, start=1) if width(line) > _SHORTEST_LIMIT}
    if not long:
        return 0
    for node in walk(tree):
        if _is_string(node) and node.end_lineno != node.lineno:
            long.difference_update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    codes = (_CODE.match(lines[row - 1]) for row in long)
    return max((width(code[0].rstrip()) for code in codes if code), default=0)
