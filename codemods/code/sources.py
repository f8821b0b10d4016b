"""Where a value comes from, inside one file.

It follows what people write: names, `self.x`, conditional expressions, walrus assignments, lists
that are looped over or put together, functions of the same file that return it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods.code.module import Module
from codemods.code.scopes import FUNCTIONS, Binding, Kind

_LISTS = (ast.List, ast.Tuple, ast.Set)
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Sources:
    """Follows values in one module back to where they are made."""

    def __init__(self, module: Module) -> None:
        self.module = module

    def sources(
        self, node: ast.expr | None, seen: set[ast.AST] | None = None
    ) -> list[ast.expr | None]:
        """The expressions that a value may come from; None among them for one not known.

        `seen` are those that somebody is following already: a value that comes from itself ends.
        """
        value = self.module.names.value(node)
        seen = set() if seen is None else seen
        if value is None or value in seen:
            return [] if value in seen else [None]
        seen.add(value)
        if isinstance(value, ast.IfExp):
            return [*self.sources(value.body, seen), *self.sources(value.orelse, seen)]
        if isinstance(value, ast.BoolOp):
            return [found for part in value.values for found in self.sources(part, seen)]
        if isinstance(value, ast.Name | ast.Attribute):
            bindings = self.module.names.bindings(value)
            if not bindings:
                return [None if isinstance(value, ast.Name) else value]
            return [found for binding in bindings for found in self._bound(binding, seen)]
        if isinstance(value, ast.Call):
            function = self.function(value)
            if function is not None and function not in seen:
                seen.add(function)
                return [
                    found for result in _returned(function) for found in self.sources(result, seen)
                ] or [None]
        return [value]

    def _bound(self, binding: Binding, seen: set[ast.AST]) -> list[ast.expr | None]:
        if binding.kind is Kind.VALUE:
            return self.sources(binding.value, seen)
        looped = self._looped_over(binding.node)
        return [None] if looped is None else self.items(looped, seen)

    def _looped_over(self, target: ast.AST) -> ast.expr | None:
        """What the loop goes through that gives a name its values."""
        parent = self.module.parent(target)
        if isinstance(parent, ast.For | ast.comprehension) and parent.target is target:
            return parent.iter
        return None

    def items(
        self, node: ast.expr | None, seen: set[ast.AST] | None = None
    ) -> list[ast.expr | None]:
        """The items of a list, tuple or set, wherever it is put together; None for unknown ones."""
        seen = set() if seen is None else seen
        found: list[ast.expr | None] = []
        for source in self.sources(node, seen):
            if isinstance(source, _LISTS):
                for item in source.elts:
                    if isinstance(item, ast.Starred):
                        found += self.items(item.value, seen)
                    else:
                        found.append(item)
            elif isinstance(source, ast.BinOp) and isinstance(source.op, ast.Add):
                found += [*self.items(source.left, seen), *self.items(source.right, seen)]
            elif isinstance(source, ast.ListComp | ast.GeneratorExp | ast.SetComp):
                found.append(source.elt)
            else:
                found.append(None)
        if isinstance(node, ast.Name | ast.Attribute):
            found += self._appended(node)
        return found

    def _appended(self, name: ast.expr) -> Iterator[ast.expr | None]:
        """What later calls of a list's methods put into it."""
        for use in self.module.names.uses(name):
            method = self.module.parent(use)
            call = self.module.parent(method) if isinstance(method, ast.Attribute) else None
            if isinstance(method, ast.Attribute) and isinstance(call, ast.Call):
                if method.attr == "append" and len(call.args) == 1:
                    yield call.args[0]
                elif method.attr in {"extend", "insert"}:
                    yield None

    def function(self, call: ast.Call) -> Function | None:
        """The function or method of this file that a call runs; None where there is none."""
        defined = self.module.names.definition(call.func)
        if isinstance(defined, ast.ClassDef):
            made = self.module.scopes.opened[defined].bindings.get("__init__", [])
            return next((b.node for b in made if isinstance(b.node, FUNCTIONS)), None)
        return defined


def _returned(function: Function) -> list[ast.expr | None]:
    stack: list[ast.AST] = list(function.body)
    found: list[ast.expr | None] = []
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Return):
            found.append(node.value)
        elif not isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            stack.extend(ast.iter_child_nodes(node))
    return found
