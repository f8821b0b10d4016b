"""A value that holds where the CDK context says so, and is None elsewhere."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from codemods.code.layout import around, indent_of, line_limit, quoted, width
from codemods.code.module import Module
from codemods.rewriting.kinds import checked_slice, indent_unit, narrowed
from codemods.rule import Edit

_ATOMS = (ast.Constant, ast.Name, ast.Attribute, ast.Call, ast.Subscript)


@dataclass(frozen=True)
class ByContext:
    """Make a keyword argument's value hold where the context says so, and None elsewhere.

    The value is compared as text, because `-c key=false` arrives as the text "false". A line that
    would get too long becomes a parenthesised value, laid out as black and ruff do.

    Attributes:
        keyword: the argument.
        node: code of the construct node that is asked for the context.
        key: the context's key.
    """

    keyword: ast.keyword
    node: str
    key: str

    def edits(self, module: Module) -> Sequence[Edit]:
        """See `Rewrite.edits`."""
        source, value = module.source, self.keyword.value
        before = checked_slice(module, value)
        start, _ = source.span(value)
        head, tail = around(module, value)
        ways = self._ways(before if isinstance(value, _ATOMS) else f"({before})", module)
        limit = line_limit(module)
        after = ways[0][0]
        if width(head + after + tail) > limit:
            outer = indent_of(head)
            inner = outer + indent_unit(module)
            fitting = (way for way in ways if max(width(inner + line) for line in way) <= limit)
            lines = [inner + line for line in next(fitting, ways[-1])]
            after = source.newline.join(["", *lines, outer])
            if "(" not in source.slice(source.span(self.keyword)[0], start):
                after = f"({after})"
        return narrowed(start, before, after)

    def _ways(self, number: str, module: Module) -> list[list[str]]:
        """The lines of the conditional expression, from one to as many as a formatter makes."""
        key, true, step = quoted(module, self.key), quoted(module, "true"), indent_unit(module)
        ask = f"{self.node}.try_get_context("
        asked = f"{ask}{key})"
        return [
            [f"{number} if str({asked}).lower() == {true} else None"],
            [number, f"if str({asked}).lower() == {true}", "else None"],
            [number, f"if str({asked}).lower()", f"== {true}", "else None"],
            [number, "if str(", f"{step}{asked}", ").lower()", f"== {true}", "else None"],
            [
                *(number, "if str("),
                *(f"{step}{ask}", f"{step}{step}{key}", f"{step})"),
                *(").lower()", f"== {true}", "else None"),
            ],
        ]
