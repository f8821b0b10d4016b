from __future__ import annotations

import ast

import pytest

from codemods.code.module import Module
from codemods.code.source import Source
from codemods.code.strings import text_of
from codemods.settings.policy import Policy


def shown(text: str) -> str:
    """What is known of the text that the last line gives."""
    source = Source(f"from aws_cdk import Fn\n{text}\n".encode())
    module = Module("a.py", source, source.parse(), Policy())
    last = module.tree.body[-1]
    assert isinstance(last, ast.Expr)
    return text_of(module, last.value).shown


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ('"a" + b', "a{b}"),
        ('"a-%s" % b', "a-{b}"),
        ('"a-%s-%s" % (b, "c")', "a-{b}-c"),
        ('"a-%(n)s" % {"n": "c"}', "a-c"),
        ('"a-%(n)s" % {**other, "n": "c"}', "a-c"),
        ('"100%%-%s" % "c"', "100%-c"),
        ('"{}-{n}".format("a", n="c")', "a-c"),
        ('"-".join(["a", "c"])', "a-c"),
        ('Fn.join("-", ["a", "c"])', "a-c"),
        ('str("a")', "a"),
        ('n = "a"\nf"{n}-c"', "a-c"),
    ],
)
def test_a_text_is_put_together_as_python_does_it(text: str, known: str) -> None:
    assert shown(text) == known


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ('"{".format(1)', "{'{'.format(1)}"),
        ('"-%s-%s" % ("a",)', "-a-{('a',)}"),
        ('"-".join(names)', "-{names}"),
        ("make(1)", "{make(1)}"),
        ("thing.make(1)", "{thing.make(1)}"),
    ],
)
def test_the_rest_is_unknown(text: str, known: str) -> None:
    assert shown(text) == known


def test_a_text_of_too_many_parts_is_left_unknown() -> None:
    names = "\n".join(f'n{i + 1} = f"{{n{i}}}{{n{i}}}"' for i in range(12))
    assert "{" in shown(f'n0 = "a"\n{names}\nn12')
