"""Where a value goes, inside one file, from the expression that makes it.

It follows a value to every place that holds it, as far as `codemods.code.sources` follows one back.
Where it leaves the file it has a departure.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from codemods.code.module import Module
from codemods.code.nodes import walk
from codemods.code.scopes import Binding
from codemods.code.sources import Function, Sources


@dataclass
class Journey:
    """Where a value goes: every expression that evaluates to it, and how it leaves the file."""

    places: list[ast.expr] = field(default_factory=list)
    departures: list[str] = field(default_factory=list)


class Flow(Sources):
    """Follows values in one module, back and forth."""

    def journey(self, start: ast.expr) -> Journey:
        """Everywhere a value goes from the expression that makes it."""
        journey = Journey()
        queue = [start]
        seen: set[ast.AST] = set()
        while queue:
            place = queue.pop()
            if place in seen:
                continue
            seen.add(place)
            journey.places.append(place)
            queue += reversed([*self._onward(place, journey)])
        return journey

    def _onward(self, place: ast.expr, journey: Journey) -> Iterator[ast.expr]:
        parent = self.module.parent(place)
        match parent:
            case ast.NamedExpr():
                yield parent
                yield from self._reads(parent.target, parent)
            case ast.IfExp() if place is not parent.test:
                yield parent
            case ast.BoolOp() | ast.Starred() | ast.Await():
                yield parent
            case ast.Assign():
                for target in parent.targets:
                    yield from self._assigned(target, parent, journey)
            case ast.AnnAssign():
                yield from self._assigned(parent.target, parent, journey)
            case ast.Return():
                yield from self._returns(parent, journey)
            case ast.Yield() | ast.Lambda():
                journey.departures.append("it is handed out by a generator or lambda")
            case ast.List() | ast.Tuple() | ast.Set():
                yield from self._collected(place, parent, journey)
            case ast.Dict():
                journey.departures.append("it is kept in a dict")
            case ast.Call() | ast.keyword():
                yield from self._passed(place, parent)
            case _:
                return

    def _assigned(
        self, target: ast.expr, statement: ast.stmt, journey: Journey
    ) -> Iterator[ast.expr]:
        if isinstance(target, ast.Attribute | ast.Subscript):
            own = isinstance(target, ast.Attribute) and self.module.names.bindings(target)
            reads = list(self._reads(target, statement))
            if not own or not reads:
                journey.departures.append(f"`{self.module.code(target)}` is read elsewhere")
            yield from reads
        else:
            yield from self._reads(target, statement)

    def _reads(self, target: ast.expr, statement: ast.AST) -> Iterator[ast.expr]:
        """The places that read what a statement has put into a name, attribute or subscript."""
        if isinstance(target, ast.Subscript):
            text = ast.unparse(target)
            for node in walk(self.module.tree):
                loaded = isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load)
                if isinstance(node, ast.expr) and loaded and ast.unparse(node) == text:
                    yield node
            return
        module = self.module
        bindings = module.names.bindings(target)
        here = module.enclosing_function(statement)
        start, end = _start(statement), self._overwritten(statement, bindings)
        for use in module.names.uses(target):
            apart = len(bindings) == 1 or module.enclosing_function(use) is not here
            if apart or start < _start(use) < end:
                yield use

    def _overwritten(self, statement: ast.AST, bindings: list[Binding]) -> tuple[float, float]:
        """The position from which on a name holds something else than a statement gave it."""
        here = self.module.enclosing_function(statement)
        ends = [
            _end(binding.node)
            for binding in bindings
            if _start(statement) < _start(binding.node)
            and self.module.enclosing_function(binding.node) is here
            and _runs_after(self.module, binding.node, statement)
        ]
        return min(ends, default=(math.inf, 0))

    def _returns(self, statement: ast.Return, journey: Journey) -> Iterator[ast.expr]:
        function = self.module.enclosing_function(statement)
        called = False
        if function is not None:
            for reference in self._references(function):
                parent = self.module.parent(reference)
                if isinstance(parent, ast.Call) and parent.func is reference:
                    called = True
                    yield parent
                elif _is_property(function):
                    called = True
                    yield reference
        if not called:
            journey.departures.append("it is returned to code that is not in this file")

    def _references(self, function: Function) -> Iterator[ast.expr]:
        scopes = self.module.scopes
        for reference in [
            *scopes.names(function.name),
            *scopes.attributes(function.name),
        ]:
            bindings = self.module.names.bindings(reference)
            if any(binding.node is function for binding in bindings):
                yield reference

    def _collected(
        self, place: ast.expr, collection: ast.List | ast.Tuple | ast.Set, journey: Journey
    ) -> Iterator[ast.expr]:
        parent = self.module.parent(collection)
        if isinstance(parent, ast.For | ast.comprehension):
            yield from self._taken_out(collection)
        elif isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Tuple):
            targets = parent.targets[0].elts
            if len(targets) == len(collection.elts):
                target = targets[collection.elts.index(place)]
                yield from self._assigned(target, parent, journey)
        elif isinstance(parent, ast.Assign):
            for use in self._reads(parent.targets[0], parent):
                yield from self._taken_out(use)
        elif isinstance(parent, ast.Return | ast.Call):
            journey.departures.append("it is handed on in a list")

    def _taken_out(self, collection: ast.expr) -> Iterator[ast.expr]:
        """The places that hold an item of a collection, which is read here."""
        parent = self.module.parent(collection)
        if isinstance(parent, ast.For | ast.comprehension) and parent.iter is collection:
            yield from self._reads(parent.target, parent)
        elif isinstance(parent, ast.Subscript):
            yield parent

    def _passed(self, place: ast.expr, parent: ast.Call | ast.keyword) -> Iterator[ast.expr]:
        call = self.module.parent(parent) if isinstance(parent, ast.keyword) else parent
        if not isinstance(call, ast.Call) or place is call.func:
            return
        if self.module.names.value(call) is not call:
            yield call  # typing.cast
            return
        if isinstance(call.func, ast.Attribute) and call.func.attr == "append":
            for use in self.module.names.uses(call.func.value):
                yield from self._taken_out(use)
        function = self.function(call)
        if function is not None:
            parameter = _parameter(function, call, place if parent is call else parent)
            if parameter is not None:
                yield from self._named(parameter, function)

    def _named(self, parameter: ast.arg, function: Function) -> Iterator[ast.expr]:
        for name in self.module.scopes.names(parameter.arg):
            owner = self.module.scope(name).lookup(name.id)
            if isinstance(name.ctx, ast.Load) and owner is not None and owner.node is function:
                yield name


def _parameter(
    function: Function, call: ast.Call, passed: ast.expr | ast.keyword
) -> ast.arg | None:
    arguments = function.args
    if isinstance(passed, ast.keyword):
        named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        return next((each for each in named if each.arg == passed.arg), None)
    positional = [*arguments.posonlyargs, *arguments.args]
    first = positional[:1]
    if first and first[0].arg in {"self", "cls"}:
        positional = positional[1:]
    index = call.args.index(passed)
    if any(isinstance(before, ast.Starred) for before in call.args[: index + 1]):
        return None
    return positional[index] if index < len(positional) else None


def _is_property(function: Function) -> bool:
    return any("property" in ast.unparse(decorator) for decorator in function.decorator_list)


def _start(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _end(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "end_lineno", 0), getattr(node, "end_col_offset", 0)


def _runs_after(module: Module, later: ast.AST, statement: ast.AST) -> bool:
    """Whether a later statement runs whenever an earlier one has, since its block holds both."""
    inside = {statement, *module.parents(statement)}
    blocks = [value for value in vars(module.parent(later)).values() if isinstance(value, list)]
    return any(later in block and not inside.isdisjoint(block) for block in blocks)
