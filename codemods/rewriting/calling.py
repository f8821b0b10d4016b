"""An attribute replaced by a call, on as many lines as a formatter would give it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from codemods.code.layout import around, indent_of, line_limit, quoted, width
from codemods.code.module import Module
from codemods.rewriting.kinds import checked_slice, indent_unit, narrowed
from codemods.rule import Edit


@dataclass(frozen=True)
class CallInstead:
    """Call a method in place of reading an attribute of the same object.

    Attributes:
        node: the attribute.
        method: the method's name.
        texts: the positional arguments, which become string literals.
        flags: keyword arguments, as code.
    """

    node: ast.Attribute
    method: str
    texts: tuple[str, ...]
    flags: tuple[str, ...] = ()

    def edits(self, module: Module) -> Sequence[Edit]:
        """See `Rewrite.edits`."""
        checked_slice(module, self.node)
        before = self.node.attr
        start = module.source.span(self.node)[1] - len(before.encode())
        head, tail = around(module, self.node)
        *_, line = (head + module.code(self.node)).removesuffix(before).splitlines()
        arguments = [*(quoted(module, text) for text in self.texts), *self.flags]
        joined = ", ".join(arguments)
        after = f"{self.method}({joined})"
        limit = line_limit(module)
        if width(line + after + tail) > limit:
            outer = indent_of(line)
            inner = outer + indent_unit(module)
            fits = width(inner + joined) <= limit
            lines = [joined] if fits else [f"{argument}," for argument in arguments]
            body = [inner + line for line in lines]
            after = module.source.newline.join([f"{self.method}(", *body, f"{outer})"])
        return narrowed(start, before, after)
