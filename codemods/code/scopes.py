"""The scopes of a module: which name is bound where, and by what.

One iterative walk over the syntax tree, so that no nesting overflows the stack. It records what
Python's own scoping decides; what a name *means* is asked in `codemods.code.names`.
"""

from __future__ import annotations

import ast
import enum
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Kind(enum.Enum):
    """What binds a name. OPAQUE is everything whose value is not one visible expression."""

    IMPORT = enum.auto()
    VALUE = enum.auto()
    PARAMETER = enum.auto()
    CLASS = enum.auto()
    FUNCTION = enum.auto()
    OPAQUE = enum.auto()


class Binding(NamedTuple):
    """One place where a name gets a meaning.

    `node` is the statement, argument or expression that binds; `value` the assigned expression
    of a VALUE; `target` the dotted name of an IMPORT.
    """

    kind: Kind
    node: ast.AST
    value: ast.expr | None = None
    target: str = ""


@dataclass(slots=True, eq=False)
class Scope:
    """A module, class, function, lambda or comprehension with the names that it binds.

    `attributes` holds, for a class, what its body and `self.x = …` in its methods bind. `stars`
    are the modules of star imports.
    """

    node: ast.AST
    parent: Scope | None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    attributes: dict[str, list[Binding]] = field(default_factory=dict)
    outer: set[str] = field(default_factory=set)
    stars: list[str] = field(default_factory=list)

    def bind(self, name: str, binding: Binding) -> None:
        """Add one more meaning of a name."""
        self.bindings.setdefault(name, []).append(binding)

    def lookup(self, name: str) -> Scope | None:
        """The scope in which a name used here is bound, as Python decides it."""
        scope: Scope | None = self
        while scope is not None:
            visible = scope is self or not isinstance(scope.node, ast.ClassDef)
            if visible and name in scope.bindings and name not in scope.outer:
                return scope
            scope = scope.parent
        return None

    def chain(self) -> Iterator[Scope]:
        """This scope and the ones around it, innermost first."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent


def class_of_self(name: str, scope: Scope) -> Scope | None:
    """The class whose instance a name is: the first parameter of the method around it."""
    owner = scope.lookup(name)
    if owner is None or owner.parent is None or not isinstance(owner.node, FUNCTIONS):
        return None
    arguments = owner.node.args
    first = [*arguments.posonlyargs, *arguments.args][:1]
    static = any(
        isinstance(decorator, ast.Name) and decorator.id == "staticmethod"
        for decorator in owner.node.decorator_list
    )
    if static or not first or first[0].arg != name:
        return None
    return owner.parent if isinstance(owner.parent.node, ast.ClassDef) else None
