"""Which construct a call belongs to: the scope that it is given, and the class around it."""

from __future__ import annotations

import ast
import enum
import itertools

from codemods.code.imports import Spelling, spelling
from codemods.code.module import Module, argument
from codemods.code.scopes import FUNCTIONS, class_of_self

_STACKS = {"aws_cdk.Stack", "aws_cdk.NestedStack", "aws_cdk.Stack.of"}
_DEPTH = 8  # a base class of a base class of … is followed so far


class Family(enum.Enum):
    """What a class is to the CDK. A STACK has an `account`, another CONSTRUCT has not."""

    STACK = enum.auto()
    CONSTRUCT = enum.auto()
    OTHER = enum.auto()


def scope_of(call: ast.Call) -> ast.expr | None:
    """The construct that a construct's call is given as its scope; None where it is not visible."""
    return argument(call, "scope", 0)


def construct_around(module: Module, node: ast.expr) -> ast.expr:
    """The construct's call that an expression is an argument of; itself where it is of none."""
    statement = module.statement(node)
    for parent in itertools.takewhile(lambda each: each is not statement, module.parents(node)):
        callee = parent.func if isinstance(parent, ast.Call) else None
        word = callee.attr if isinstance(callee, ast.Attribute) else getattr(callee, "id", "")
        if isinstance(parent, ast.Call) and word[:1].isupper():
            return parent
    return node


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
        definition = module.names.definition(node)
        if not isinstance(definition, ast.ClassDef):
            return _by_name(name or ast.unparse(node))
        node = definition
    bases = [family(module, base, depth - 1) for base in node.bases]
    return next((found for found in Family if found in bases), Family.OTHER)


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


def stack_of(module: Module, call: ast.Call) -> Spelling | None:
    """How to write the stack that a construct's call ends up in; None where that is not certain.

    In a stack's own method that is `self`; anywhere else `Stack.of(scope)`, with the call's own
    scope argument, because other constructs do not know their account themselves.
    """
    scope = scope_of(call)
    name, own = instance(module, call)
    if isinstance(scope, ast.Name) and scope.id == name and own is Family.STACK:
        return Spelling(name)
    if scope is not None and is_path(scope):
        code = ast.unparse(scope)
        if _is_stack(module, scope):
            return Spelling(code)
    elif own is Family.STACK:
        return Spelling(name)
    elif name and own is Family.CONSTRUCT:
        code = name
    else:
        return None
    stack = spelling(module, "aws_cdk.Stack", call)
    return stack and Spelling(f"{stack.code}.of({code})", stack.rewrites)


def is_path(node: ast.expr) -> bool:
    """Whether an expression is a name or an attribute of one, so that reading it again is safe."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _is_stack(module: Module, node: ast.expr) -> bool:
    """Whether a name holds a stack, as its assignment or its annotation says."""
    value = module.names.value(node)
    if isinstance(value, ast.Call):
        return family(module, value.func) is Family.STACK
    scope = module.scope(node).lookup(node.id) if isinstance(node, ast.Name) else None
    bindings = scope.bindings[node.id] if scope and isinstance(node, ast.Name) else []
    if len(bindings) != 1 or not isinstance(bindings[0].node, ast.arg):
        return False
    annotation = bindings[0].node.annotation
    return annotation is not None and family(module, annotation) is Family.STACK


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
