"""Where else a file spells a text: in an ARN, an environment variable, a lookup by name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from codemods.code.module import Module
from codemods.code.nodes import walk
from codemods.code.strings import text_of


class Occurrences:
    """The texts of one module, with what belongs to names, comments and construct ids left out."""

    def __init__(self, module: Module) -> None:
        self._module = module

    def elsewhere(self, text: str, known: Iterable[ast.AST]) -> Iterator[ast.expr]:
        """The expressions that spell a text, outside the known ones.

        The text counts where it stands as a word of its own: `arn:aws:s3:::name/*`, not `name-2`.
        """
        inside = {part for node in known for part in walk(node)}
        word = re.compile(rf"(?<![\w.-]){re.escape(text)}(?![\w-])")
        for node, spelled in self._spelled:
            if text in spelled and node not in inside and word.search(spelled):
                yield node

    @cached_property
    def _spelled(self) -> list[tuple[ast.expr, str]]:
        whole: dict[ast.expr, None] = {}
        parts: set[ast.AST] = set()
        for node in walk(self._module.tree):
            if isinstance(node, ast.JoinedStr):
                parts.update(part for part in walk(node) if part is not node)
            elif not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
                continue
            if node not in parts:
                whole[self._composed(node)] = None
        return [
            (node, text_of(self._module, node).shown) for node in whole if not self._is_other(node)
        ]

    def _composed(self, literal: ast.expr) -> ast.expr:
        """The text that a literal is a term or a template of; itself where it is none."""
        node = literal
        while True:
            parent = self._module.parent(node)
            if isinstance(parent, ast.BinOp):
                node = parent
            elif isinstance(parent, ast.Attribute):
                call = self._module.call_of(parent)
                if call is None:
                    return node
                node = call
            else:
                return node

    def _is_other(self, node: ast.expr) -> bool:
        parent = self._module.parent(node)
        return isinstance(parent, ast.Expr) or is_construct_id(self._module, node)


def is_construct_id(module: Module, node: ast.expr) -> bool:
    """Whether an expression is the id that a construct is given, as `Bucket(self, "here")`."""
    parent = module.parent(node)
    if isinstance(parent, ast.keyword):
        return parent.arg in {"id", "construct_id"}
    if not isinstance(parent, ast.Call) or len(parent.args) < 2 or parent.args[1] is not node:
        return False
    callee = (
        parent.func.attr if isinstance(parent.func, ast.Attribute) else ast.unparse(parent.func)
    )
    return callee[:1].isupper() and isinstance(parent.args[0], ast.Name | ast.Attribute)
