"""The scopes of a module: which name is bound where, and by what.

One iterative walk over the syntax tree, so that no nesting overflows the stack. It records what
Python's own scoping decides; what a name *means* is asked in `codemods.code.names`.
"""

from __future__ import annotations

import ast
import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from codemods.code.nodes import CHILD_FIELDS, children

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


@dataclass(frozen=True, slots=True)
class Binding:
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


class ScopeTree:
    """Every node's parent and scope, and every scope's bindings.

    `opened` maps a class, function, lambda or comprehension to the scope that it opens; `names` and
    `attributes` list every occurrence of an identifier.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.module = Scope(tree, None)
        self.opened: dict[ast.AST, Scope] = {tree: self.module}
        self._places: dict[ast.AST, tuple[ast.AST | None, Scope]] = {}
        self.names: dict[str, list[ast.Name]] = {}
        self.attributes: dict[str, list[ast.Attribute]] = {}
        self._walk(tree)
        self._bind_own_attributes()

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node around a node; None for the module."""
        return self._places[node][0]

    def scope(self, node: ast.AST) -> Scope:
        """The scope in which a node is evaluated."""
        return self._places[node][1]

    def _walk(self, tree: ast.Module) -> None:
        places = self._places
        places[tree] = (None, self.module)
        stack: list[ast.AST] = [tree]
        while stack:
            node = stack.pop()
            kind = node.__class__
            scope = places[node][1]
            binder = _BINDERS.get(kind)
            if binder is not None:
                binder(self, node, scope)
            if kind in _SCOPED:
                inner = self.opened[node] = Scope(node, scope)
                for child, around in _split(node, inner, scope):
                    places[child] = (node, around)
                    stack.append(child)
                continue
            place = (node, scope)
            for name in CHILD_FIELDS[kind]:
                value = getattr(node, name)
                for child in value if value.__class__ is list else (value,):
                    if child is not None:
                        places[child] = place
                        stack.append(child)

    def bind_name(self, name: ast.Name, scope: Scope) -> None:
        self.names.setdefault(name.id, []).append(name)
        if not isinstance(name.ctx, ast.Load):
            self._assign(name, scope.bindings, name.id)

    def bind_attribute(self, attribute: ast.Attribute, _: Scope) -> None:
        self.attributes.setdefault(attribute.attr, []).append(attribute)

    def _bind_own_attributes(self) -> None:
        """What `self.x = …` binds, once every parameter that may be called `self` is known."""
        for attribute in (item for named in self.attributes.values() for item in named):
            if isinstance(attribute.ctx, ast.Load) or not isinstance(attribute.value, ast.Name):
                continue
            owner = class_of_self(attribute.value.id, self.scope(attribute))
            if owner is not None:
                self._assign(attribute, owner.attributes, attribute.attr)

    def _assign(
        self, target: ast.Name | ast.Attribute, table: dict[str, list[Binding]], name: str
    ) -> None:
        parent = self._places[target][0]
        binding = Binding(Kind.OPAQUE, target)
        if isinstance(parent, ast.Assign | ast.NamedExpr):
            binding = Binding(Kind.VALUE, parent, parent.value)
        elif isinstance(parent, ast.AnnAssign):
            if parent.value is None:
                return
            binding = Binding(Kind.VALUE, parent, parent.value)
        table.setdefault(name, []).append(binding)

    def bind_import(self, statement: ast.Import, scope: Scope) -> None:
        for alias in statement.names:
            root = alias.name.partition(".")[0]
            name, target = (alias.asname, alias.name) if alias.asname else (root, root)
            scope.bind(name, Binding(Kind.IMPORT, statement, target=target))

    def bind_import_from(self, statement: ast.ImportFrom, scope: Scope) -> None:
        prefix = "." * statement.level + (statement.module or "")
        for alias in statement.names:
            if alias.name == "*":
                scope.stars.append(prefix)
                continue
            target = f"{prefix}.{alias.name}"
            scope.bind(alias.asname or alias.name, Binding(Kind.IMPORT, statement, target=target))

    def bind_class(self, node: ast.ClassDef, scope: Scope) -> None:
        scope.bind(node.name, Binding(Kind.CLASS, node))

    def bind_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
        scope.bind(node.name, Binding(Kind.FUNCTION, node))

    def bind_parameter(self, node: ast.arg, scope: Scope) -> None:
        scope.bind(node.arg, Binding(Kind.PARAMETER, node))

    def bind_handler(
        self, node: ast.ExceptHandler | ast.MatchAs | ast.MatchStar, scope: Scope
    ) -> None:
        if node.name:
            scope.bind(node.name, Binding(Kind.OPAQUE, node))

    def bind_rest(self, node: ast.MatchMapping, scope: Scope) -> None:
        if node.rest:
            scope.bind(node.rest, Binding(Kind.OPAQUE, node))

    def bind_outer(self, node: ast.Global | ast.Nonlocal, scope: Scope) -> None:
        scope.outer.update(node.names)
        for around in scope.chain():
            if around is not scope:
                for name in node.names:
                    around.bind(name, Binding(Kind.OPAQUE, node))


_BINDERS: dict[type[ast.AST], Callable[[ScopeTree, Any, Scope], None]] = {
    ast.Name: ScopeTree.bind_name,
    ast.Attribute: ScopeTree.bind_attribute,
    ast.Import: ScopeTree.bind_import,
    ast.ImportFrom: ScopeTree.bind_import_from,
    ast.ClassDef: ScopeTree.bind_class,
    ast.FunctionDef: ScopeTree.bind_function,
    ast.AsyncFunctionDef: ScopeTree.bind_function,
    ast.arg: ScopeTree.bind_parameter,
    ast.ExceptHandler: ScopeTree.bind_handler,
    ast.MatchAs: ScopeTree.bind_handler,
    ast.MatchStar: ScopeTree.bind_handler,
    ast.MatchMapping: ScopeTree.bind_rest,
    ast.Global: ScopeTree.bind_outer,
    ast.Nonlocal: ScopeTree.bind_outer,
}
_SCOPED = {*FUNCTIONS, ast.Lambda, ast.ClassDef, *_COMPREHENSIONS}


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


def _split(node: ast.AST, inner: Scope, outer: Scope) -> Iterator[tuple[ast.AST, Scope]]:
    """The children of a node that opens a scope, each with the scope that evaluates it."""
    if isinstance(node, ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef):
        arguments = node.args
        defaults = [*arguments.defaults, *(d for d in arguments.kw_defaults if d is not None)]
        yield from ((default, outer) for default in defaults)
        yield from ((parameter, inner) for parameter in _parameters(arguments))
    inside: set[ast.AST]
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        inside = set(node.body)
    else:
        inside = set(children(node))
    for child in children(node):
        if not isinstance(child, ast.arguments):
            yield child, inner if child in inside else outer


def _parameters(arguments: ast.arguments) -> list[ast.arg]:
    starred = [parameter for parameter in (arguments.vararg, arguments.kwarg) if parameter]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *starred]
