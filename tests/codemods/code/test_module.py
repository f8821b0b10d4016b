"""What rules are shown of a module."""

from __future__ import annotations

import ast

from codemods.code.module import Module
from codemods.code.source import Source
from codemods.settings.policy import Policy


def shown(text: str, *words: str) -> list[tuple[int, str, bool]]:
    """By reference its line, the word that it stands for, and whether it is called."""
    source = Source(text.encode())
    module = Module("stack.py", source, source.parse(), Policy(), frozenset(words))
    return sorted(
        (node.lineno, word, module.call_of(node) is not None)
        for node, word in module.references.items()
    )


def test_words_are_found_as_names_as_attributes_and_by_their_aliases() -> None:
    text = "from m import Vpc as V\nV(1)\nec2.Vpc(2)\nx: ec2.Vpc\nVpc\nother.V\nVpcs\n"
    assert shown(text, "Vpc") == [
        (2, "Vpc", True),
        (3, "Vpc", True),
        (4, "Vpc", False),
        (5, "Vpc", False),
        (6, "Vpc", False),
    ]


def test_an_import_far_below_its_use_counts() -> None:
    text = "def f():\n    return V(1)\nif True:\n    from m import Vpc as V\n"
    assert shown(text, "Vpc") == [(2, "Vpc", True)]


def test_what_is_called_is_told_from_what_is_passed() -> None:
    assert shown("f(Vpc)\nVpc(Vpc)\n", "Vpc") == [
        (1, "Vpc", False),
        (2, "Vpc", False),
        (2, "Vpc", True),
    ]


def test_a_decorator_belongs_to_what_it_decorates() -> None:
    assert len(shown("@Vpc\ndef f():\n    pass\n", "Vpc")) == 1
    assert len(shown("@a(\n    Vpc)\nclass C:\n    pass\n", "Vpc")) == 1


def test_an_alias_outside_of_ascii_is_found_however_it_is_spelled() -> None:
    ligature, letters = "\ufb01", "fi"  # Python compares identifiers by their normal form
    assert len(shown(f"from m import Vpc as {ligature}é\n{letters}é(1)\n", "Vpc")) == 1


def test_text_that_is_no_code_is_no_reference() -> None:
    assert shown('# Vpc\n"""Vpc"""\nx = "Vpc"\ny.Vpcs\ny.CfnVpc\n', "Vpc") == []


def test_the_default_of_a_parameter_is_its_own() -> None:
    source = Source(b"def f(a, b=1, /, c=2, *, d, e=3): pass\n")
    module = Module("a.py", source, source.parse(), Policy())
    given = {
        node.arg: module.default(node)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.arg)
    }
    values = {name: value and ast.unparse(value) for name, value in given.items()}
    assert values == {"a": None, "b": "1", "c": "2", "d": None, "e": "3"}
