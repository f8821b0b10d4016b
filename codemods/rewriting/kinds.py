"""The kinds of change that rules plan, rendered as byte edits with libcst.

libcst sees the slice of the one expression that changes, never the file: that is what keeps a fix
close to the speed of a check. An edit is narrowed to the characters that really differ, so that
fixes of nested constructs do not get in each other's way.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codemods.code.module import Module
from codemods.rule import Edit, Rewrite

if TYPE_CHECKING:
    import libcst as cst


class UnrewritableError(Exception):
    """The code cannot be rewritten faithfully; the message is a sentence that says why."""


@dataclass(frozen=True)
class ReplaceExpression:
    """Replace an expression by what `transform` makes of its libcst node."""

    node: ast.expr
    transform: Callable[[cst.BaseExpression], cst.BaseExpression]

    def edits(self, module: Module) -> Sequence[Edit]:
        """See `Rewrite.edits`."""
        start, _ = module.source.span(self.node)
        before = checked_slice(module, self.node)
        node = parse_expression(before, module.source.newline)
        after = generate(self.transform(node), module.source.newline)
        return narrowed(start, before, after)


@dataclass(frozen=True)
class InsertAfter:
    """Add a statement on the line after another one, in the same block.

    `text` is written with LF and without indentation; its own inner indentation is relative, four
    spaces a step, and becomes the file's.
    """

    statement: ast.stmt
    text: str

    def edits(self, module: Module) -> Sequence[Edit]:
        """See `Rewrite.edits`."""
        source = module.source
        if not source.stands_alone(self.statement):
            raise UnrewritableError("the statement shares its line with another one")
        before = source.indentation(self.statement.lineno)
        _, line_end = source.line_span(self.statement.end_lineno or self.statement.lineno)
        unit = indent_unit(module)
        lines = [reindented(line, before, unit) for line in self.text.splitlines()]
        text = "".join(source.newline + line for line in lines)
        return [Edit(line_end, line_end, text)]


@dataclass(frozen=True)
class ReplaceStatement:
    """Put another statement in the place of one; `text` is written as for `InsertAfter`."""

    statement: ast.stmt
    text: str

    def edits(self, module: Module) -> Sequence[Edit]:
        """See `Rewrite.edits`."""
        source = module.source
        if not source.stands_alone(self.statement):
            raise UnrewritableError("the statement shares its line with another one")
        start, end = source.span(self.statement)
        if "#" in re.sub(r"\"[^\"\n]*\"|'[^'\n]*'", "", source.slice(start, end)):
            raise UnrewritableError("a comment inside the statement would be lost")
        indent, unit = source.indentation(self.statement.lineno), indent_unit(module)
        first, *more = self.text.splitlines()
        lines = [first, *(reindented(line, indent, unit) for line in more)]
        return [Edit(start, end, source.newline.join(lines))]


@dataclass(frozen=True)
class Later:
    """A change whose code is written only when somebody asks for its edits."""

    rewrite: Callable[[], Rewrite]

    def edits(self, module: Module) -> Sequence[Edit]:
        """See `Rewrite.edits`."""
        return self.rewrite().edits(module)


@dataclass(frozen=True)
class AddImport:
    """Make `from module import name` hold, by extending the import that stands there already.

    `also` are further names for the same statement.
    """

    statement: ast.ImportFrom
    name: str
    also: tuple[str, ...] = ()

    def edits(self, module: Module) -> Sequence[Edit]:
        """See `Rewrite.edits`."""
        source, last = module.source, self.statement.names[-1]
        if last.name == "*":
            raise UnrewritableError("the import is a star import")
        names = (self.name, *self.also)
        line, column = last.end_lineno or last.lineno, last.end_col_offset or 0
        end = source.offset(line, column)
        _, line_end = source.line_span(line)
        rest = re.fullmatch(r"\s*(?P<comma>,?)\s*(#.*)?", source.slice(end, line_end))
        indent = source.line(last.lineno).encode()[: last.col_offset].decode()
        if rest is None or indent.strip() or "(" not in module.code(self.statement):
            gap = self._gap(module)
            return [Edit(end, end, "".join(f",{gap}{name}" for name in names))]
        between = f",{source.newline}{indent}"
        added = f"{source.newline}{indent}{between.join(names)}{rest['comma']}"
        if rest["comma"]:
            return [Edit(line_end, line_end, added)]
        return [Edit(end, line_end, f",{source.slice(end, line_end)}{added}")]

    def _gap(self, module: Module) -> str:
        """The white space behind the first comma between imported names."""
        first, *others = self.statement.names
        if not others:
            return " "
        start = module.source.offset(first.end_lineno or 0, first.end_col_offset or 0)
        end = module.source.offset(others[0].lineno, others[0].col_offset)
        gap = module.source.slice(start, end).strip(",")
        return gap if not gap.strip() else " "


def parse_expression(code: str, newline: str) -> cst.BaseExpression:
    """The libcst node of an expression that may span lines without parentheses of its own."""
    import libcst as cst

    config = cst.PartialParserConfig(default_newline=newline)
    node = cst.parse_expression(f"({code})", config)
    return node.with_changes(lpar=node.lpar[1:], rpar=node.rpar[:-1])


def generate(node: cst.CSTNode, newline: str) -> str:
    """The code of a libcst node."""
    import libcst as cst

    return cst.Module(body=(), default_newline=newline).code_for_node(node)


def checked_slice(module: Module, node: ast.expr) -> str:
    """The text of an expression, after making sure that it is that expression's text.

    Before Python 3.12 positions inside f-strings are wrong, so a slice is never taken on trust.

    Raises:
        UnrewritableError: where the text at the node's position is something else.
    """
    try:
        code = module.code(node)
        again = ast.parse(f"({code})", mode="eval").body
    except (SyntaxError, ValueError, IndexError, UnicodeDecodeError) as error:
        raise UnrewritableError("the code's position in the file cannot be determined") from error
    if ast.dump(again) != ast.dump(node):
        raise UnrewritableError("the code's position in the file cannot be determined")
    return code


def narrowed(start: int, before: str, after: str) -> list[Edit]:
    """The one edit that turns `before`, at byte offset `start`, into `after`; none if equal."""
    if before == after:
        return []
    head = 0
    limit = min(len(before), len(after))
    while head < limit and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < limit - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    first = start + len(before[:head].encode())
    last = start + len(before[: len(before) - tail].encode())
    return [Edit(first, last, after[head : len(after) - tail])]


def indent_unit(module: Module) -> str:
    """See `Layout.indent_unit`."""
    return module.layout.indent_unit


def reindented(line: str, indent: str, unit: str) -> str:
    """A line whose indentation, four spaces a step, becomes the file's, below an indentation."""
    body = line.lstrip(" ")
    steps = (len(line) - len(body)) // 4
    return f"{indent}{unit * steps}{body}" if body else ""
