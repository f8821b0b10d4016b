"""One more argument of a call, or entry of a dict, in the layout that the others have.

One line stays one line unless an entry of several lines comes in, one item a line stays that, a
trailing comma is kept where there is one, and comments stay with their item.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

from codemods.code.module import Module
from codemods.rewriting.kinds import checked_slice, indent_unit, reindented
from codemods.rule import Edit


@dataclass(frozen=True)
class AddArgument:
    """Pass one more keyword argument, behind the others.

    The further lines of `value` are indented relatively, four spaces a step, as in `InsertAfter`.
    """

    call: ast.Call
    name: str
    value: str

    def edits(self, module: Module) -> Sequence[Edit]:
        """See `Rewrite.edits`."""
        _, opening = module.source.span(self.call.func)
        passed: list[ast.expr | ast.keyword] = [*self.call.args, *self.call.keywords]
        items = sorted(_span(module, item) for item in passed)
        return _append(module, self.call, opening, items, f"{self.name}={self.value}")


@dataclass(frozen=True)
class AddEntry:
    """Put one more entry into a dict display; `key` and `value` are code, as in `AddArgument`."""

    display: ast.Dict
    key: str
    value: str

    def edits(self, module: Module) -> Sequence[Edit]:
        """See `Rewrite.edits`."""
        opening, _ = module.source.span(self.display)
        items = [
            (_span(module, key or value)[0], _span(module, value)[1])
            for key, value in zip(self.display.keys, self.display.values, strict=True)
        ]
        code = f"{self.key}: {self.value}"
        if items and "\n" in code and self.display.lineno == self.display.end_lineno:
            return _opened(module, self.display, items, code)
        return _append(module, self.display, opening, items, code)


def _opened(
    module: Module, display: ast.Dict, items: Sequence[tuple[int, int]], code: str
) -> list[Edit]:
    """The edits that put the entries of a one-line dict on lines of their own, `code` behind them.

    An entry of several lines in the middle of a line is hard to find.
    """
    checked_slice(module, display)
    source, unit = module.source, indent_unit(module)
    outer = source.indentation(display.lineno)
    opening, closing = source.span(display)[0] + 1, source.span(display)[1] - 1
    inside = source.slice(opening, closing)
    start = opening + len(inside) - len(inside.lstrip())
    end, comma = _behind(source.slice(items[-1][1], closing), items[-1][1])
    lines = (reindented(line, outer + unit, unit) for line in code.splitlines())
    added = "".join(f"{source.newline}{line}" for line in lines)
    return [
        Edit(opening, start, f"{source.newline}{outer}{unit}"),
        Edit(end, closing, f"{'' if comma else ','}{added}{',' * comma}{source.newline}{outer}"),
    ]


def _append(
    module: Module, node: ast.expr, opening: int, items: Sequence[tuple[int, int]], code: str
) -> list[Edit]:
    """The edits that put `code` behind the items of a node.

    `opening` is a byte offset at or before the opening bracket, with no item before it; `items` are
    the byte offsets of the items, in order.
    """
    checked_slice(module, node)
    source = module.source
    closing = source.span(node)[1] - 1
    start, end = items[-1] if items else (opening, opening)
    indent = source.indentation(source.position(start).line)
    first, *more = code.splitlines()
    unit = indent_unit(module)
    code = source.newline.join([first, *(reindented(text, indent, unit) for text in more)])
    if not items:
        return [Edit(closing, closing, code)]
    end, comma = _behind(source.slice(end, closing), end)
    before = items[-2][1] if len(items) > 1 else opening
    if "\n" not in source.slice(before, start):
        return [Edit(end, end, f" {code}," if comma else f", {code}")]
    added = f"{source.newline}{indent}{code}{',' if comma else ''}"
    _, line_end = source.line_span(source.position(end).line)
    alone = line_end <= closing and re.fullmatch(r"\s*(#.*)?", source.slice(end, line_end))
    place = line_end if alone else end
    if comma:
        return [Edit(place, place, added)]
    if place == end:
        return [Edit(end, end, f",{added}")]
    return [Edit(end, end, ","), Edit(place, place, added)]


def _behind(text: str, offset: int) -> tuple[int, bool]:
    """Where an item really ends, parentheses around it and its comma included; is there a comma.

    `text` is what stands, from byte `offset` on, between the item and the closing bracket.
    """
    length, comma = 0, False
    for match in re.finditer(r"#[^\r\n]*|[),]", text):
        if not match[0].startswith("#"):
            length, comma = len(text[: match.end()].encode()), match[0] == ","
    return offset + length, comma


def _span(module: Module, node: ast.expr | ast.keyword) -> tuple[int, int]:
    start = module.source.offset(node.lineno, node.col_offset)
    return start, module.source.offset(node.end_lineno or 0, node.end_col_offset or 0)
