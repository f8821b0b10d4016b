"""By what code tells production from the rest."""

from __future__ import annotations

import pytest

from codemods.cdk.switches import production_switch
from codemods.code.module import Module
from codemods.code.source import Source
from codemods.settings.policy import Policy


def switch(text: str) -> str:
    """What is found at the call of `ask`."""
    source = Source(text.encode())
    module = Module("stack.py", source, source.parse(), Policy())
    (name,) = module.scopes.names("ask")
    return production_switch(module, name)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("def f(is_prod: bool):\n ask()", "is_prod"),
        ("def f(*, production: bool = False):\n ask()", "production"),
        ("def f(stage):\n is_production = stage == 'x'\n ask()", "is_production"),
        ("IN_PROD = 1\nis_prd = not IN_PROD\ndef f():\n ask()", "is_prd"),
        ("class A:\n def f(self, stage):\n  self.is_prod = stage in P\n  ask()", "self.is_prod"),
        ("def f(stage):\n n = 2 if stage == 'prod' else 1\n ask()", "stage == 'prod'"),
        ("def f(c):\n ask()\n n = 2 if c.env == 'Production' else 1", "c.env == 'Production'"),
    ],
)
def test_a_condition_for_production_is_known(text: str, code: str) -> None:
    assert switch(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "def f(is_prod):\n ask()",
        "def f(is_prod: str):\n ask()",
        "def f():\n ask()\n is_prod = a == b",
        "def f():\n is_prod = 'yes'\n ask()",
        "def f():\n if a:\n  is_prod = a == b\n ask()",
        "def f():\n is_prod = a == b\n is_prod = b == c\n ask()",
        "def f(is_prod: bool):\n def g(is_prod): ask()",
        "def f(productive: bool):\n ask()",
        "def f(stage):\n n = 2 if stage == 'dev' else 1\n ask()",
        "def f(stage):\n n = 2 if stage != 'prod' else 1\n ask()",
        "def f():\n n = 2 if stage == 'prod' else 1\n ask()",
        "def f(x):\n n = 2 if x() == 'prod' else 1\n ask()",
        "def f(stage):\n n = 2 if stage else 1\n ask()",
        "def f(a):\n n = [2 if stage == 'prod' else 1 for stage in a]\n ask()",
        "class A:\n def f(self, stage):\n  self.is_prod = 1\n  ask()",
        "class A:\n def f(self, stage):\n  self.stage = stage == 'prod'\n  ask()",
        "n = 2 if stage == 'prod' else 1\nask()",
    ],
)
def test_what_is_no_such_condition_or_not_set_yet_is_none(text: str) -> None:
    assert switch(text) == ""
