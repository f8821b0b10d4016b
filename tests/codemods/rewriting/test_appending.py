from __future__ import annotations

import ast

import pytest

from codemods import Policy, apply_edits
from codemods.code.module import Module
from codemods.code.source import Source
from codemods.rewriting.appending import AddArgument, AddEntry


def parsed(code: str) -> Module:
    source = Source(code.encode())
    return Module("stack.py", source, source.parse(), Policy())


def with_argument(code: str, value: str = "v") -> str:
    module = parsed(code)
    call = next(node for node in ast.walk(module.tree) if isinstance(node, ast.Call))
    return apply_edits(code.encode(), AddArgument(call, "k", value).edits(module)).decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f()", "f(k=v)"),
        ("f(a)", "f(a, k=v)"),
        ("f(a, b=(1))", "f(a, b=(1), k=v)"),
        ("f(a, b,)", "f(a, b, k=v,)"),
        ("f(a, *b, **c)", "f(a, *b, **c, k=v)"),
        ("f(\n    a, b\n)", "f(\n    a, b, k=v\n)"),
        ("f(\n    a,\n    b,\n)", "f(\n    a,\n    b,\n    k=v,\n)"),
        ("f(\n  a,\n  b\n)", "f(\n  a,\n  b,\n  k=v\n)"),
        ("f(\n\ta,\n\tb,)", "f(\n\ta,\n\tb,\n\tk=v,)"),
        ("f(a,\n  b)", "f(a,\n  b,\n  k=v)"),
        ("f(\r\n    a,\r\n)", "f(\r\n    a,\r\n    k=v,\r\n)"),
        ("f('ü',\n  b)", "f('ü',\n  b,\n  k=v)"),
    ],
)
def test_an_argument_joins_the_layout_of_the_others(before: str, after: str) -> None:
    assert with_argument(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f(\n    a,  # x\n    b,  # y, z)\n    # own\n)", "b,  # y, z)\n    k=v,\n    # own\n)"),
        ("f(\n    a,\n    b  # y\n)", "b,  # y\n    k=v\n)"),
        ("f(\n    a,\n    (b)  # y\n)", "(b),  # y\n    k=v\n)"),
    ],
)
def test_comments_stay_with_their_argument(before: str, after: str) -> None:
    assert with_argument(before).endswith(after)


def test_a_value_of_several_lines_is_indented_as_the_file_is() -> None:
    before = "if x:\n  r = f(\n    a,\n  )\n"
    after = "if x:\n  r = f(\n    a,\n    k=g(\n      1,\n    ),\n  )\n"
    assert with_argument(before, "g(\n    1,\n)") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{}", '{"k": v}'),
        ("{'a': 1}", "{'a': 1, \"k\": v}"),
        ("{\n    'a': 1,\n}", "{\n    'a': 1,\n    \"k\": v,\n}"),
        ("{\n    **a\n}", '{\n    **a,\n    "k": v\n}'),
    ],
)
def test_an_entry_joins_the_layout_of_the_others(before: str, after: str) -> None:
    module = parsed(before)
    display = next(node for node in ast.walk(module.tree) if isinstance(node, ast.Dict))
    edits = AddEntry(display, '"k"', "v").edits(module)
    assert apply_edits(before.encode(), edits).decode() == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f({'a': 1})", "f({\n    'a': 1,\n    \"k\": g(\n        2,\n    )\n})"),
        ("f({ **a, })", 'f({\n    **a,\n    "k": g(\n        2,\n    ),\n})'),
        ("if x:\n  f({'ü': (1)})", "  f({\n    'ü': (1),\n    \"k\": g(\n      2,\n    )\n  })"),
    ],
)
def test_an_entry_of_several_lines_opens_a_dict_on_one_line(before: str, after: str) -> None:
    module = parsed(before)
    display = next(node for node in ast.walk(module.tree) if isinstance(node, ast.Dict))
    edits = AddEntry(display, '"k"', "g(\n    2,\n)").edits(module)
    assert apply_edits(before.encode(), edits).decode().endswith(after)
