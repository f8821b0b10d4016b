"""Code as a tree, before anybody has decided how it is spelled and laid out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cdk:
    """A dotted name of the CDK, which a file spells as it imports it, and what follows it."""

    name: str
    tail: str = ""


@dataclass(frozen=True)
class Argument:
    """What is passed to a parameter, by position where it has no name."""

    value: Expression
    name: str = ""


@dataclass(frozen=True)
class Call:
    """A call."""

    callee: Expression
    arguments: tuple[Argument, ...]


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[Expression, ...]


@dataclass(frozen=True)
class Entries:
    """A dict with keys of text."""

    entries: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True)
class Around:
    """Code with something before and behind it."""

    before: str
    value: Expression
    after: str = ""


Expression = str | Cdk | Call | Items | Entries | Around


@dataclass(frozen=True)
class Line:
    """A simple statement: an expression with something before and behind it."""

    before: str
    value: Expression = ""
    after: str = ""


@dataclass(frozen=True)
class Block:
    """A compound statement, or one clause of it."""

    header: Around
    body: tuple[Statement, ...]
    decorators: tuple[str, ...] = ()


Statement = Line | Block


@dataclass(frozen=True)
class Program:
    """A file's code, without its imports of the CDK."""

    statements: tuple[Statement, ...]
    first_version: bool = False


def call(callee: Expression, *positional: Expression, **named: Expression | None) -> Call:
    """A call; a parameter that is None is left out."""
    return Call(
        callee,
        (
            *(Argument(value) for value in positional),
            *(Argument(value, name) for name, value in named.items() if value is not None),
        ),
    )
