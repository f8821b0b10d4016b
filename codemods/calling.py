"""An expression replaced by a call, on as many lines as a formatter would give it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from codemods.layout import around, indent_of, line_limit, quoted, width
from codemods.module import Module
from codemods.rewriting import checked_slice, indent_unit, narrowed
from codemods.rule import Edit


@dataclass(frozen=True)
class ReplaceByCall:
    """Write a call in place of an expression.

    Attributes:
        node: the expression.
        callee: code of what is called.
        texts: the positional arguments, which become string literals.
        flags: keyword arguments, as code.
    """

    node: ast.expr
    callee: str
    texts: tuple[str, ...]
    flags: tuple[str, ...] = ()

    def edits(self, module: Module) -> Sequence[Edit]:
        """See `Rewrite.edits`."""
        before = checked_slice(module, self.node)
        start, _ = module.source.span(self.node)
        head, tail = around(module, self.node)
        arguments = [*(quoted(module, text) for text in self.texts), *self.flags]
        joined = ", ".join(arguments)
        after = f"{self.callee}({joined})"
        limit = line_limit(module)
        if width(head + after + tail) > limit:
            outer = indent_of(head)
            inner = outer + indent_unit(module)
            fits = width(inner + joined) <= limit
            lines = [joined] if fits else [f"{argument}," for argument in arguments]
            body = [inner + line for line in lines]
            after = module.source.newline.join([f"{self.callee}(", *body, f"{outer})"])
        return narrowed(start, before, after)
