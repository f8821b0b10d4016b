"""Where a construct's call ends up, as far as one file tells."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import islice

from codemods.cdk.constructs import scope_of
from codemods.code.module import Module, argument
from codemods.settings.environments import Place

_MOST = 200  # a file that makes the same stack in more places than that is nobody's app
_DEEPEST = 16


def places_of(module: Module, call: ast.expr) -> list[Place]:
    """The places of a construct's call, at least one.

    There is one for each way in which the file makes the class around the call, and the classes
    around those: a stack that is made as "dev" and as "prod" gives two. Too many of them count as
    one about which nothing is known.
    """
    found = list(islice(_places(module, call, frozenset()), _MOST + 1))
    return found if len(found) <= _MOST else [Place()]


def _places(module: Module, call: ast.expr, seen: frozenset[ast.AST]) -> Iterator[Place]:
    own = Place(ids=_id(module, call))
    made = _scope(module, call)
    owner = None if made else module.enclosing_class(call)
    if made is not None:
        own = own.beyond(Place(classes=(_last(made.func),)))
    elif owner is not None:
        own = own.beyond(Place(classes=(owner.name,)))
    calls = [made] if made else list(_instances(module, owner))
    around = [found for found in calls if found not in seen and len(seen) < _DEEPEST]
    if not around:
        yield own
    for outer in around:
        for place in _places(module, outer, seen | {outer}):
            yield own.beyond(place)


def _scope(module: Module, call: ast.expr) -> ast.Call | None:
    """The call that makes what a construct is given as its scope, where the file shows it."""
    given = scope_of(call) if isinstance(call, ast.Call) else None
    value = module.names.value(given)
    return value if isinstance(value, ast.Call) else None


def _instances(module: Module, owner: ast.ClassDef | None) -> Iterator[ast.Call]:
    """The calls of a class in its file."""
    for name in module.scopes.names(owner.name) if owner else []:
        call = module.call_of(name)
        if call is not None and module.names.definition(name) is owner:
            yield call


def _id(module: Module, call: ast.expr) -> tuple[str, ...]:
    if not isinstance(call, ast.Call):
        return ()
    given = argument(call, "construct_id") or argument(call, "id", 1)
    text = module.names.string(given)
    return () if text is None else (text,)


def _last(callee: ast.expr) -> str:
    return callee.attr if isinstance(callee, ast.Attribute) else getattr(callee, "id", "")
