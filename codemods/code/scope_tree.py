"""Where every node of a module stands: its parent, its scope, and what each scope binds.

A check looks at few statements of a file. So one walk over the statements alone finds what binds
names, and the expressions of a statement are entered when somebody asks for something in them: a
node by its position, or a name by the places where the text spells it. No walk recurses, so that no
nesting overflows the stack.
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any

from codemods.code.nodes import BINDING_FIELDS, BLOCK_FIELDS, OWN_FIELDS, beginning, children
from codemods.code.scopes import FUNCTIONS, Binding, Kind, Scope, class_of_self
from codemods.code.source import Source

_COMPREHENSIONS = frozenset({ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp})
_Place = tuple[ast.AST | None, Scope]


class ScopeTree:
    """Every node's parent and scope, and every scope's bindings.

    Args:
        tree: the module.
        source: its text.

    Attributes:
        module: the module's own scope.
        opened: by class, function, lambda or comprehension, the scope that it opens.
        renamed: what `from … import name as alias` makes of a name, as (name, alias).
    """

    def __init__(self, tree: ast.Module, source: Source) -> None:
        self.module = Scope(tree, None)
        self.opened: dict[ast.AST, Scope] = {tree: self.module}
        self.renamed: list[tuple[str, str]] = []
        self._source = source
        self._places: dict[ast.AST, _Place] = {tree: (None, self.module)}
        self._starts: list[int] = []
        self._statements: list[ast.AST | None] = []  # by their starts; None once entered
        self._names: dict[str, list[ast.Name]] = {}
        self._attributes: dict[str, list[ast.Attribute]] = {}
        self._stored: list[ast.Attribute] = []
        self._sought: set[str] = set()
        self._outline(tree)
        for offset in source.occurrences(":="):
            self._enter_at(offset)
        if not source.is_normal:  # an identifier may be spelled in other ways than it is compared
            self._enter_all()
        self._bind_own_attributes()

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node around a node; None for the module."""
        return self._place_of(node)[0]

    def scope(self, node: ast.AST) -> Scope:
        """The scope in which a node is evaluated."""
        return self._place_of(node)[1]

    def names(self, identifier: str) -> Sequence[ast.Name]:
        """Every occurrence of a name, in the order of the text."""
        self._seek(identifier)
        return self._names.get(identifier, ())

    def attributes(self, identifier: str) -> Sequence[ast.Attribute]:
        """Every attribute that is so called, of whatever, in the order of the text."""
        self._seek(identifier)
        return self._attributes.get(identifier, ())

    def _seek(self, identifier: str) -> None:
        if identifier in self._sought:
            return
        self._sought.add(identifier)
        for offset in self._source.occurrences(identifier):
            self._enter_at(offset)
        for found in (self._names.get(identifier), self._attributes.get(identifier)):
            if found:
                found.sort(key=lambda node: (node.lineno, node.col_offset))

    def _place_of(self, node: ast.AST) -> _Place:
        place = self._places.get(node)
        if place is not None:
            return place
        line = getattr(node, "lineno", 0)
        if 0 < line <= len(self._source.line_starts):
            self._enter_at(self._source.offset(line, getattr(node, "col_offset", 0)))
        if node not in self._places:  # no position, or a wrong one: f-strings before Python 3.12
            self._enter_all()
        return self._places[node]

    def _enter_at(self, offset: int) -> None:
        """Enter the innermost statement that holds a byte offset."""
        index = bisect_right(self._starts, offset) - 1
        if index >= 0 and self._statements[index] is not None:
            self._enter(index)

    def _enter_all(self) -> None:
        for index, statement in enumerate(self._statements):
            if statement is not None:
                self._enter(index)

    def _outline(self, tree: ast.Module) -> None:
        """Walk over the statements, and into what binds names."""
        places, line_starts = self._places, self._source.line_starts
        place: _Place = (tree, self.module)
        stack: list[tuple[Any, _Place]] = [(node, place) for node in reversed(tree.body)]
        while stack:
            node, place = stack.pop()
            places[node] = place
            kind = node.__class__
            first = beginning(node) if kind in BLOCK_FIELDS else node
            self._starts.append(line_starts[first.lineno - 1] + first.col_offset)
            self._statements.append(node)
            if kind not in _BUSY:
                continue
            scope = place[1]
            binder = _BINDERS.get(kind)
            if binder is not None:
                binder(self, node, scope)
            for name in BINDING_FIELDS.get(kind, ()):
                self._enter_below(node, getattr(node, name), scope)
            if kind in BLOCK_FIELDS:
                below = (node, self._opened(node, scope) if kind in _OPENING else scope)
                for name in BLOCK_FIELDS[kind]:
                    stack += [(child, below) for child in reversed(getattr(node, name))]

    def _opened(self, node: ast.AST, scope: Scope) -> Scope:
        inner = self.opened[node] = Scope(node, scope)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            place = (node, inner)
            for parameter in _parameters(node.args):
                self._places[parameter] = place
                inner.bind(parameter.arg, Binding(Kind.PARAMETER, parameter))
        return inner

    def _enter(self, index: int) -> None:
        """Walk the expressions of a statement, those of the statements in it left out."""
        node: Any = self._statements[index]
        self._statements[index] = None
        scope = self._places[node][1]
        for name in OWN_FIELDS.get(node.__class__, ()):
            self._enter_below(node, getattr(node, name), scope)
        if isinstance(node, FUNCTIONS):
            self._enter_below(node, _defaults(node.args), scope)
            for parameter in _parameters(node.args):
                self._enter_below(parameter, parameter.annotation, self.opened[node])
        if self._stored:
            self._bind_own_attributes()

    def _enter_below(self, node: ast.AST, value: Any, scope: Scope) -> None:
        place = (node, scope)
        found = value if value.__class__ is list else [value]
        stack = [child for child in found if child is not None]
        for child in stack:
            self._places[child] = place
        self._descend(stack)

    def _descend(self, stack: list[Any]) -> None:
        """Walk all that is below some nodes of known places; its speed is that of a check."""
        places = self._places
        while stack:
            node = stack.pop()
            kind = node.__class__
            if kind is ast.Constant:
                continue
            scope = places[node][1]
            if kind is ast.Name:
                self._names.setdefault(node.id, []).append(node)
                if node.ctx.__class__ is not ast.Load:
                    self._assign(node, scope.bindings, node.id)
                continue
            place = (node, scope)
            if kind is ast.Attribute:
                self._attributes.setdefault(node.attr, []).append(node)
                if node.ctx.__class__ is not ast.Load:
                    self._stored.append(node)
                places[node.value] = place
                stack.append(node.value)
            elif kind is ast.Call:
                places[node.func] = place
                stack.append(node.func)
                for child in node.args:
                    places[child] = place
                stack += node.args
                for child in node.keywords:
                    places[child] = place
                    places[child.value] = (child, scope)
                    stack.append(child.value)
            else:
                binder = _BINDERS.get(kind)
                if binder is not None:
                    binder(self, node, scope)
                if kind is ast.Lambda:
                    for child in filter(None, _defaults(node.args)):
                        places[child] = place
                        stack.append(child)
                    places[node.body] = (node, self._opened(node, scope))
                    stack.append(node.body)
                    continue
                if kind in _COMPREHENSIONS:
                    place = (node, self._opened(node, scope))
                for child in children(node):
                    places[child] = place
                    stack.append(child)

    def _bind_own_attributes(self) -> None:
        """What `self.x = …` binds, once every parameter that may be called `self` is known."""
        for attribute in self._stored:
            if isinstance(attribute.value, ast.Name):
                owner = class_of_self(attribute.value.id, self.scope(attribute))
                if owner is not None:
                    self._assign(attribute, owner.attributes, attribute.attr)
        self._stored.clear()

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
            if alias.asname:
                self.renamed.append((alias.name, alias.asname))
            target = f"{prefix}.{alias.name}"
            scope.bind(alias.asname or alias.name, Binding(Kind.IMPORT, statement, target=target))

    def bind_class(self, node: ast.ClassDef, scope: Scope) -> None:
        scope.bind(node.name, Binding(Kind.CLASS, node))

    def bind_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
        scope.bind(node.name, Binding(Kind.FUNCTION, node))

    def bind_named(
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
    ast.Import: ScopeTree.bind_import,
    ast.ImportFrom: ScopeTree.bind_import_from,
    ast.ClassDef: ScopeTree.bind_class,
    ast.FunctionDef: ScopeTree.bind_function,
    ast.AsyncFunctionDef: ScopeTree.bind_function,
    ast.ExceptHandler: ScopeTree.bind_named,
    ast.MatchAs: ScopeTree.bind_named,
    ast.MatchStar: ScopeTree.bind_named,
    ast.MatchMapping: ScopeTree.bind_rest,
    ast.Global: ScopeTree.bind_outer,
    ast.Nonlocal: ScopeTree.bind_outer,
}
_OPENING = frozenset({*FUNCTIONS, ast.ClassDef})
_BUSY = frozenset({*_BINDERS, *BINDING_FIELDS, *BLOCK_FIELDS})
"""The statements that bind names or hold others."""


def _parameters(arguments: ast.arguments) -> list[ast.arg]:
    starred = [parameter for parameter in (arguments.vararg, arguments.kwarg) if parameter]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *starred]


def _defaults(arguments: ast.arguments) -> list[ast.expr | None]:
    return [*arguments.defaults, *arguments.kw_defaults]
