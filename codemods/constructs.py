"""Which construct a call belongs to: the scope that it is given, and the class around it."""

from __future__ import annotations

import ast
import enum

from codemods.module import Module, argument
from codemods.scopes import FUNCTIONS, class_of_self

_STACKS = {"aws_cdk.Stack", "aws_cdk.NestedStack"}
_DEPTH = 8  # a base class of a base class of … is followed so far


class Family(enum.Enum):
    """What a class is to the CDK. A STACK has an `account`, another CONSTRUCT has not."""

    STACK = enum.auto()
    CONSTRUCT = enum.auto()
    OTHER = enum.auto()


def scope_of(call: ast.Call) -> ast.expr | None:
    """The construct that a construct's call is given as its scope; None where it is not visible."""
    return argument(call, "scope", 0)


def family(module: Module, node: ast.expr | ast.ClassDef, depth: int = _DEPTH) -> Family:
    """What a class is, given its definition or an expression that names it.

    A class of another file is judged by its name: projects call them `…Stack` and `…Construct`.
    """
    if depth == 0:
        return Family.OTHER
    if not isinstance(node, ast.ClassDef):
        name = module.names.qualified(node)
        if name in _STACKS:
            return Family.STACK
        if name.startswith(("aws_cdk.", "constructs.")):
            return Family.CONSTRUCT
        definition = class_definition(module, node)
        if definition is None:
            return _by_name(name or ast.unparse(node))
        node = definition
    bases = [family(module, base, depth - 1) for base in node.bases]
    return next((found for found in Family if found in bases), Family.OTHER)


def class_definition(module: Module, node: ast.expr) -> ast.ClassDef | None:
    """The class of this file that a name means; None where it means anything else."""
    if not isinstance(node, ast.Name):
        return None
    owner = module.scope(node).lookup(node.id)
    bindings = owner.bindings[node.id] if owner else []
    if len(bindings) == 1 and isinstance(bindings[0].node, ast.ClassDef):
        return bindings[0].node
    return None


def instance(module: Module, node: ast.AST) -> tuple[str, Family]:
    """What the method around a place calls its own instance, and what that instance is.

    Functions within the method see it too. The name is empty where there is no such method, or
    where the name means something else at that place.
    """
    here = module.scope(node)
    for scope in here.chain():
        function = scope.node
        if not isinstance(function, FUNCTIONS) or scope.parent is None:
            continue
        owner = scope.parent.node
        first = [*function.args.posonlyargs, *function.args.args][:1]
        if not isinstance(owner, ast.ClassDef) or not first or _is_classmethod(function):
            continue
        name = first[0].arg
        if class_of_self(name, here) is scope.parent:
            return name, family(module, owner)
        return "", Family.OTHER
    return "", Family.OTHER


def _by_name(name: str) -> Family:
    last = name.rpartition(".")[2]
    if last.endswith("Stack"):
        return Family.STACK
    return Family.CONSTRUCT if last.endswith(("Construct", "Stage")) else Family.OTHER


def _is_classmethod(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(
        isinstance(decorator, ast.Name) and decorator.id == "classmethod"
        for decorator in function.decorator_list
    )
