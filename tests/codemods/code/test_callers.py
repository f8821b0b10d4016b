from __future__ import annotations

import ast

import pytest

from codemods.code.callers import passed_by_callers
from codemods.code.module import Module
from codemods.code.source import Source
from codemods.settings.policy import Policy


def passed(text: str) -> set[str | None]:
    """What callers pass for the name that `ask(…)` is given."""
    source = Source(text.encode())
    module = Module("a.py", source, source.parse(), Policy())
    (name,) = [
        node.args[0]
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "ask"
    ]
    assert isinstance(name, ast.Name)
    found = passed_by_callers(module, name)
    return {None if value is None else ast.unparse(value) for value in found}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("def f(a, b): ask(b)\nf(1, 2)\nf(1, b=3)", {"2", "3"}),
        ("def f(*, a): ask(a)\nf(a=1)\nf(**given)", {"1", None}),
        ("def f(a, b=4): ask(b)\nf(1)\nf(1, *more)", {"4"}),
        ("class A:\n    def __init__(self, a): ask(a)\nA(1)", {"1"}),
        ("class A:\n    def f(self, a): ask(a)\n    def g(self): self.f(2)", {"2"}),
        ("class A:\n    @staticmethod\n    def f(a): ask(a)\nA.f(3)", {"3"}),
        ("def f(a): ask(a)\nuse(f)", set()),
    ],
)
def test_every_call_says_what_a_parameter_is(text: str, values: set[str | None]) -> None:
    assert passed(text) == values


@pytest.mark.parametrize(
    "text", ["a = 1\nask(a)", "a = 1\na = 2\nask(a)", "ask(a)", "f = lambda a: ask(a)\nf(1)"]
)
def test_a_name_that_is_no_parameter_of_a_function_is_passed_by_nobody(text: str) -> None:
    assert passed(text) == set()
