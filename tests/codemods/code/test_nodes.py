"""Walks over syntax trees."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import codemods
from codemods.code.nodes import children

FILES = sorted(Path(codemods.__file__).parent.rglob("*.py"))
ODD = """
match x:
    case {"a": 1, **rest}: pass
    case Point(x=0, y=[1, *others]) | None as p: pass
async def f[T](a, /, b: int = 1, *c, d=2, **e) -> int:
    async with a as b, c: yield
    return f"{a!r:>{b}}" if a else {**a, 1: 2}
type A = int
"""


def below(node: ast.AST) -> list[ast.AST]:
    """What the standard library calls the children, without what carries no meaning here."""
    ignored = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.alias)
    return [child for child in ast.iter_child_nodes(node) if not isinstance(child, ignored)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_child_is_walked(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_bytes())):
        assert list(children(node)) == below(node)


def test_every_child_of_rarer_syntax_is_walked() -> None:
    text = ODD
    try:
        tree = ast.parse(text)
    except SyntaxError:  # before Python 3.12
        tree = ast.parse(text.replace("[T]", "").replace("type A = int\n", ""))
    for node in ast.walk(tree):
        assert list(children(node)) == below(node)
