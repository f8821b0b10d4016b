"""By what code tells production from the rest: a flag such as `is_prod`, or `stage == "prod"`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from codemods.cdk.constructs import instance, is_path
from codemods.code.module import Module
from codemods.code.nodes import walk
from codemods.code.scopes import Binding, Kind

_FLAG = re.compile(r"_?(is_|in_)?(prd|prod|production)")
_NAMES = re.compile(r"prd|prod|production", re.IGNORECASE)


def production_switch(module: Module, at: ast.expr) -> str:
    """The code of a condition that holds in production, at a place that knows it; empty for none.

    A flag is preferred: a parameter that is a bool, or a name or `self.x` that holds a comparison,
    and is set once and before. Else it is a comparison with the name of production by which the
    function around the place chooses a value.
    """
    return next(_flags(module, at), "") or next(_comparisons(module, at), "")


def _flags(module: Module, at: ast.expr) -> Iterator[str]:
    here = module.scope(at)
    for scope in here.chain():
        for name, bindings in scope.bindings.items():
            known = _FLAG.fullmatch(name) and here.lookup(name) is scope
            if known and _is_set(module, bindings, at):
                yield name
    own, _ = instance(module, at)
    owner = module.enclosing_class(at) if own else None
    if owner is not None:
        for name, bindings in module.scopes.opened[owner].attributes.items():
            if _FLAG.fullmatch(name) and _is_set(module, bindings, at):
                yield f"{own}.{name}"


def _is_set(module: Module, bindings: list[Binding], at: ast.expr) -> bool:
    """Whether the only meaning of a name is a truth value, and comes before its use."""
    binding = bindings[0]
    if len(bindings) > 1 or getattr(binding.node, "lineno", at.lineno) >= at.lineno:
        return False
    if isinstance(binding.node, ast.arg):
        annotation = binding.node.annotation
        return isinstance(annotation, ast.Name) and annotation.id == "bool"
    steady = not any(
        isinstance(parent, ast.If | ast.For | ast.While | ast.Try | ast.Match)
        for parent in module.parents(binding.node)
    )
    return steady and binding.kind is Kind.VALUE and _is_truth(binding.value)


def _is_truth(value: ast.expr | None) -> bool:
    negated = isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.Not)
    return negated or isinstance(value, ast.Compare)


def _comparisons(module: Module, at: ast.expr) -> Iterator[str]:
    function = module.enclosing_function(at)
    for node in walk(function) if function is not None else ():
        test = node.test if isinstance(node, ast.IfExp) else None
        if (
            isinstance(test, ast.Compare)
            and isinstance(test.ops[0], ast.Eq)
            and is_path(test.left)
            and isinstance(test.comparators[-1], ast.Constant)
            and _NAMES.fullmatch(str(test.comparators[-1].value))
            and module.scope(test) is module.scope(at)
            and _is_given(module, test.left)
        ):
            yield module.code(test)


def _is_given(module: Module, path: ast.expr) -> bool:
    """Whether an expression begins with a parameter, which is known wherever the function is."""
    while isinstance(path, ast.Attribute):
        path = path.value
    bindings = module.names.bindings(path)
    return len(bindings) == 1 and bindings[0].kind is Kind.PARAMETER
