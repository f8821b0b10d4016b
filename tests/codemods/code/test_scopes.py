from __future__ import annotations

import ast

import pytest

from codemods.code.scopes import ScopeTree


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("try: pass\nexcept E as a: pass", {"a"}),
        ("try: pass\nexcept E: pass", set()),
        ("match x:\n case a: pass", {"a"}),
        ("match x:\n case _: pass", set()),
        ("match x:\n case [a, *b]: pass", {"a", "b"}),
        ("match x:\n case [a, *_]: pass", {"a"}),
        ("match x:\n case {'k': a, **b}: pass", {"a", "b"}),
        ("match x:\n case {'k': a}: pass", {"a"}),
    ],
)
def test_handlers_and_patterns_bind_what_they_name(text: str, names: set[str]) -> None:
    assert set(ScopeTree(ast.parse(text)).module.bindings) == names
