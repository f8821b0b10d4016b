"""How a file is laid out: how long its lines may be, and which quotes it prefers."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter
from typing import TypeGuard

from codemods.module import Module

_SHORTEST_LIMIT = 88  # the default of black and ruff
_TAB = 4  # columns; the default of ruff
_NO_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
_QUOTE = re.compile(r"[A-Za-z]*('''|\"\"\"|'|\")")


def line_limit(module: Module) -> int:
    """How many columns a line of code may have.

    That is the project's own setting; where it has none, as many as the longest line of code here
    has, and never fewer than black's and ruff's default.
    """
    if module.policy.line_length is not None:
        return module.policy.line_length
    return max(_SHORTEST_LIMIT, _longest_code(module.source.text))


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


def quote(module: Module) -> str:
    """The quote that most of a file's one-line strings have; `"` where they are even."""
    counts: Counter[str] = Counter()
    inside: set[ast.AST] = set()
    for node in ast.walk(module.tree):
        if node in inside or not _is_string(node):
            continue
        if isinstance(node, ast.JoinedStr):
            inside.update(ast.walk(node))
        start, _ = module.source.span(node)
        found = _QUOTE.match(module.source.slice(start, start + 6))
        if found:
            counts[found[1]] += 1
    return "'" if counts["'"] > counts['"'] else '"'


def quoted(module: Module, text: str) -> str:
    """A text as a string literal, in the quotes of the file."""
    literal = repr(text)
    mark = quote(module)
    plain = mark not in text and literal[1:-1] == text
    return f"{mark}{text}{mark}" if plain else literal


def _is_string(node: ast.AST) -> TypeGuard[ast.Constant | ast.JoinedStr]:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _longest_code(text: str) -> int:
    """The columns of the longest line of code, comments and multi-line strings left out."""
    lines = text.splitlines()
    ends: dict[int, int] = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type not in _NO_CODE and token.start[0] == token.end[0]:
                row, column = token.end
                ends[row] = max(column, ends.get(row, 0))
    except (tokenize.TokenError, SyntaxError):
        return 0
    return max(
        (width(lines[row - 1][:end]) for row, end in ends.items() if row <= len(lines)), default=0
    )
