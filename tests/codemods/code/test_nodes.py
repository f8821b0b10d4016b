"""Walks over syntax trees."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import codemods
from codemods.code.nodes import Found, children, occurrences
from codemods.code.source import Source

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


def found_in(text: str, *words: str) -> Found:
    source = Source(text.encode())
    return occurrences(source.parse(), words, source.lines_with)


def test_words_are_found_as_names_as_attributes_and_by_their_aliases() -> None:
    text = "from m import Vpc as V\nV(1)\nec2.Vpc(2)\nx: ec2.Vpc\nVpc\nother.V\nVpcs\n"
    found = found_in(text, "Vpc")
    lines = {node.lineno: (word, call is not None) for node, (word, call) in found.items()}
    assert lines == {
        2: ("Vpc", True),
        3: ("Vpc", True),
        4: ("Vpc", False),
        5: ("Vpc", False),
        6: ("Vpc", False),
    }


def test_an_import_far_below_its_use_counts() -> None:
    text = "def f():\n    return V(1)\nif True:\n    from m import Vpc as V\n"
    ((node, (word, call)),) = found_in(text, "Vpc").items()
    assert (ast.unparse(node), word, ast.unparse(call or node)) == ("V", "Vpc", "V(1)")


def test_only_statements_with_a_word_are_entered() -> None:
    text = "def f():\n    a = 1\n    b = [\n        2,\n        Vpc,\n    ]\nVpc = 3\nc = 4\n"
    assert [node.lineno for node in found_in(text, "Vpc")] == [7, 5]


def test_a_decorator_belongs_to_what_it_decorates() -> None:
    assert len(found_in("@Vpc\ndef f():\n    pass\n", "Vpc")) == 1
    assert len(found_in("@a(\n    Vpc)\nclass C:\n    pass\n", "Vpc")) == 1


def test_an_alias_outside_of_ascii_is_found_however_it_is_spelled() -> None:
    ligature, letters = "\ufb01", "fi"  # Python compares identifiers by their normal form
    assert len(found_in(f"from m import Vpc as {ligature}é\n{letters}é(1)\n", "Vpc")) == 1
