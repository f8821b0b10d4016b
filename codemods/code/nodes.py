"""The nodes below a node. Walks over whole files live here, so their speed is that of a check."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import Any

_NO_NODES = frozenset(
    {
        *("arg", "asname", "attr", "conversion", "ctx", "id", "is_async", "kind", "kwd_attrs"),
        *("level", "module", "name", "names", "op", "ops", "rest", "simple", "str", "tag"),
        *("type_comment", "type_ignores"),
    }
)
"""Fields that hold text, numbers, contexts, operators, or what an import names."""


Fields = dict[type, tuple[str, ...]]


def _child_fields() -> Fields:
    fields: Fields = {type(None): ()}
    for kind in vars(ast).values():
        if isinstance(kind, type) and issubclass(kind, ast.AST):
            fields[kind] = tuple(name for name in kind._fields if name not in _NO_NODES)
    fields[ast.Constant] = fields[ast.MatchSingleton] = ()
    aliases = {kind for name, kind in vars(ast).items() if name == "TypeAlias"}  # 3.12 has it
    return fields | dict.fromkeys(aliases, ("name", "type_params", "value"))


CHILD_FIELDS = _child_fields()
"""By node class, the fields that hold a node, None, or a list of these."""


_STATEMENTS = (ast.stmt, ast.ExceptHandler, ast.match_case)
_BLOCKS = ("body", "handlers", "cases", "orelse", "finalbody")  # in the order of the text
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_ALIAS = ("TypeAlias", "name")  # from Python 3.12 on


def _of_statements(choose: Callable[[type, tuple[str, ...]], Iterable[str]]) -> Fields:
    found = {
        kind: tuple(choose(kind, fields))
        for kind, fields in CHILD_FIELDS.items()
        if issubclass(kind, _STATEMENTS)
    }
    return {kind: names for kind, names in found.items() if names}


BLOCK_FIELDS = _of_statements(lambda _, fields: [n for n in reversed(_BLOCKS) if n in fields])
"""By statement, handler of exceptions or case, the fields of statements in it, the last first."""
BINDING_FIELDS = _of_statements(
    lambda kind, fields: [
        name
        for name in fields
        if name in {"targets", "target", "pattern"}
        or (kind.__name__, name) in {("With", "items"), ("AsyncWith", "items"), _ALIAS}
    ]
)
"""By the same, the fields in which a name may be bound."""
OWN_FIELDS = _of_statements(
    lambda kind, fields: [
        name
        for name in fields
        if name not in {*_BLOCKS, *BINDING_FIELDS.get(kind, ())}
        and not (kind in _FUNCTIONS and name == "args")
    ]
)
"""By the same, the fields that are neither, nor the parameters of a function."""


def beginning(statement: ast.AST) -> Any:
    """The node whose position is that of a statement's first code, decorators included."""
    if statement.__class__ is ast.match_case:
        return statement.pattern
    decorators = getattr(statement, "decorator_list", None)
    return decorators[0] if decorators else statement


def children(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes directly below a node, without contexts, operators and import aliases."""
    for name in CHILD_FIELDS[node.__class__]:
        value = getattr(node, name)
        if value.__class__ is list:
            yield from (item for item in value if item is not None)
        elif value is not None:
            yield value


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """A node and everything below it, like `ast.walk` in another order and four times as fast."""
    fields = CHILD_FIELDS
    stack: list[ast.AST | None] = [node]
    while stack:
        found = stack.pop()
        if found is None:
            continue
        yield found
        for name in reversed(fields[found.__class__]):
            value = getattr(found, name)
            if value.__class__ is list:
                stack += reversed(value)
            else:
                stack.append(value)
