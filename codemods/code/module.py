"""A parsed module, as rules see it: the tree, what its names mean, and the shape around a node."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from codemods.code.layout import Layout
from codemods.code.names import Names
from codemods.code.scope_tree import ScopeTree
from codemods.code.scopes import FUNCTIONS, Scope
from codemods.code.source import Source
from codemods.settings.policy import Policy


@dataclass(frozen=True, eq=False)
class Module:
    """One file under analysis. What is computed from the tree is so when a rule first asks.

    `words` are the names of the rules that may find something here.
    """

    path: str
    source: Source
    tree: ast.Module
    policy: Policy
    words: frozenset[str] = frozenset()

    @cached_property
    def references(self) -> Mapping[ast.expr, str]:
        """Each name, and each attribute by its last part, that is one of the words or its alias.

        In no order, each with the word that it stands for.
        """
        renamed = ((alias, name) for name, alias in self.scopes.renamed if name in self.words)
        known = dict.fromkeys(self.words) | dict(renamed)
        return {
            reference: word or spelled
            for spelled, word in known.items()
            for found in (self.scopes.names(spelled), self.scopes.attributes(spelled))
            for reference in found
        }

    @cached_property
    def layout(self) -> Layout:
        """How the file is laid out."""
        return Layout(self.source, self.tree, self.policy.line_length)

    @cached_property
    def scopes(self) -> ScopeTree:
        """Parents, scopes and bindings."""
        return ScopeTree(self.tree, self.source)

    @cached_property
    def names(self) -> Names:
        """What names mean."""
        return Names(self.scopes)

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node around a node."""
        return self.scopes.parent(node)

    def parents(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, innermost first, the module last."""
        parent = self.scopes.parent(node)
        while parent is not None:
            yield parent
            parent = self.scopes.parent(parent)

    def scope(self, node: ast.AST) -> Scope:
        """The scope in which a node is evaluated."""
        return self.scopes.scope(node)

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement that holds a node, the node itself where it is one."""
        if isinstance(node, ast.stmt):
            return node
        return next(parent for parent in self.parents(node) if isinstance(parent, ast.stmt))

    def enclosing_function(self, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The function whose body evaluates a node; lambdas and comprehensions are seen through."""
        for scope in self.scope(node).chain():
            if isinstance(scope.node, FUNCTIONS):
                return scope.node
            if isinstance(scope.node, ast.ClassDef):
                return None
        return None

    def enclosing_class(self, node: ast.AST) -> ast.ClassDef | None:
        """The innermost class around a node."""
        return next(
            (s.node for s in self.scope(node).chain() if isinstance(s.node, ast.ClassDef)), None
        )

    def qualname(self, node: ast.AST) -> str:
        """The dotted path of classes and functions around a node, empty at module level."""
        named = [
            scope.node.name
            for scope in self.scope(node).chain()
            if isinstance(scope.node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        return ".".join(reversed(named))

    def call_of(self, reference: ast.expr) -> ast.Call | None:
        """The call that a reference to a class or method is the callee of."""
        parent = self.parent(reference)
        return parent if isinstance(parent, ast.Call) and parent.func is reference else None

    def default(self, parameter: ast.arg) -> ast.expr | None:
        """The default value of a function's parameter; None where it has none."""
        arguments = cast("ast.Lambda", self.parent(parameter)).args  # or another function's
        positional = [*arguments.posonlyargs, *arguments.args]
        defaults = dict(zip(reversed(positional), reversed(arguments.defaults), strict=False))
        keywords = dict(zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True))
        return {**defaults, **keywords}.get(parameter)

    def code(self, node: ast.expr | ast.stmt) -> str:
        """The text of a node, as written."""
        return self.source.code(node)


def argument(call: ast.Call, name: str, position: int | None = None) -> ast.expr | None:
    """The expression passed for a parameter, by keyword or by position; None where absent.

    A position after a `*splat` cannot be known and counts as absent.
    """
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    if position is None or position >= len(call.args):
        return None
    before = call.args[: position + 1]
    return None if any(isinstance(item, ast.Starred) for item in before) else before[-1]


def may_pass(call: ast.Call, name: str) -> bool:
    """Whether a call passes a parameter by keyword, visibly or in keyword arguments unpacked.

    Asked before what the callee means, it spares most files the search for that.
    """
    return any(keyword.arg is None or keyword.arg == name for keyword in call.keywords)


def has_splat(call: ast.Call) -> bool:
    """Whether a call takes arguments from `*args` or `**kwargs`, so that some are not visible."""
    return any(isinstance(item, ast.Starred) for item in call.args) or any(
        keyword.arg is None for keyword in call.keywords
    )
