"""What the calls in a file pass for a function's parameter."""

from __future__ import annotations

import ast

from codemods.code.module import Module, argument
from codemods.code.scopes import FUNCTIONS


def passed_by_callers(module: Module, name: ast.Name) -> list[ast.expr | None]:
    """What each call in the file passes for the parameter that a name means.

    A call that leaves it out passes the default value; None stands for what is not visible. The
    list is empty where the name is no parameter, or where nothing in the file calls the function.
    """
    bindings = module.names.bindings(name)
    parameter = bindings[0].node if len(bindings) == 1 else None
    if not isinstance(parameter, ast.arg):
        return []
    function = module.parent(parameter)
    if not isinstance(function, FUNCTIONS):
        return []
    position = _position(module, function, parameter)
    default = module.default(parameter)
    return [argument(call, parameter.arg, position) or default for call in _calls(module, function)]


def _position(
    module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef, parameter: ast.arg
) -> int | None:
    """Where a call passes a parameter by position; an instance before it is not written there."""
    positional = [*function.args.posonlyargs, *function.args.args]
    if parameter not in positional:
        return None
    static = any(
        isinstance(decorator, ast.Name) and decorator.id == "staticmethod"
        for decorator in function.decorator_list
    )
    bound = isinstance(module.parent(function), ast.ClassDef) and not static
    return positional.index(parameter) - bound


def _calls(module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.Call]:
    owner = module.parent(function)
    scopes = module.scopes
    references: list[ast.expr]
    if not isinstance(owner, ast.ClassDef):
        references = [*scopes.names(function.name)]
    elif function.name == "__init__":
        references = [*scopes.names(owner.name)]
    else:
        references = [*scopes.attributes(function.name)]
    calls = [module.call_of(reference) for reference in references]
    return [call for call in calls if call is not None]
