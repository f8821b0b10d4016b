from __future__ import annotations

import ast
import textwrap

import pytest

from codemods.code.module import Module
from codemods.code.source import Source
from codemods.rewriting import calls
from codemods.rewriting.editing import apply_edits, parses
from codemods.rewriting.kinds import (
    AddImport,
    InsertAfter,
    ReplaceExpression,
    ReplaceStatement,
    UnrewritableError,
    checked_slice,
    generate,
    indent_unit,
    narrowed,
    parse_expression,
)
from codemods.rule import Edit, Rewrite
from codemods.settings.policy import Policy


def module(text: str) -> Module:
    source = Source(text.encode())
    return Module("stack.py", source, source.parse(), Policy())


def rewritten(parsed: Module, rewrite: Rewrite) -> str:
    return apply_edits(parsed.source.data, rewrite.edits(parsed)).decode()


def first_call(parsed: Module) -> ast.Call:
    return next(node for node in ast.walk(parsed.tree) if isinstance(node, ast.Call))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f(a=1)", "f(a=2)"),
        ("f(  a = 1 ,)", "f(  a = 2 ,)"),
        ("f(\n  # why\n  a=1, # c\n)", "f(\n  # why\n  a=2, # c\n)"),
        ("f(\r\n  a=1,\r\n  b=2)", "f(\r\n  a=2,\r\n  b=2)"),
        ("f(a=(\n1\n))", "f(a=2)"),
        ("f(é, a=1)", "f(é, a=2)"),
        ("f(a=\\\n1)", "f(a=\\\n2)"),
    ],
)
def test_one_value_changes_and_every_other_byte_stays(before: str, after: str) -> None:
    parsed = module(before)
    transform = calls.with_value("a", "2")
    assert rewritten(parsed, ReplaceExpression(first_call(parsed), transform)) == after


def test_a_comment_is_changed_where_it_stands() -> None:
    for before in ("f(\n  a=1,  # old\n)", "f(\n  a=1  # old\n)"):
        parsed = module(before)
        transform = calls.with_value("a", "2", lambda _: "# new")
        after = rewritten(parsed, ReplaceExpression(first_call(parsed), transform))
        assert after == before.replace("1", "2").replace("old", "new")


def test_a_position_that_is_not_the_codes_is_never_trusted() -> None:
    parsed = module("f(a=1)\n")
    call = first_call(parsed)
    call.col_offset = 1
    with pytest.raises(UnrewritableError, match="position"):
        ReplaceExpression(call, calls.with_value("a", "2")).edits(parsed)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1\ny = 2\n", "x = 1\nif new:\n    pass\ny = 2\n"),
        ("x = 1", "x = 1\nif new:\n    pass"),
        ("x = 1  # why\n", "x = 1  # why\nif new:\n    pass\n"),
        ("def f():\n  x = 1\n", "def f():\n  x = 1\n  if new:\n    pass\n"),
        ("def f():\n\tx = 1\n", "def f():\n\tx = 1\n\tif new:\n\t\tpass\n"),
        ("def f():\r\n    x = 1\r\n", "def f():\r\n    x = 1\r\n    if new:\r\n        pass\r\n"),
        ("x = (\n1\n)\n", "x = (\n1\n)\nif new:\n    pass\n"),
    ],
)
def test_a_statement_is_added_below_another(before: str, after: str) -> None:
    parsed = module(before)
    statement = next(node for node in ast.walk(parsed.tree) if isinstance(node, ast.Assign))
    assert rewritten(parsed, InsertAfter(statement, "if new:\n    pass")) == after


@pytest.mark.parametrize("text", ["x = 1; y = 2\n", "if a: x = 1\n", "z = 0; x = 1\n"])
def test_a_statement_that_shares_its_line_is_left(text: str) -> None:
    parsed = module(text)
    shared = [
        node
        for node in ast.walk(parsed.tree)
        if isinstance(node, ast.Assign) and ast.unparse(node) == "x = 1"
    ]
    with pytest.raises(UnrewritableError, match="shares its line"):
        InsertAfter(shared[0], "new()").edits(parsed)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from m import a\n", "from m import a, New\n"),
        ("from m import a, b\n", "from m import a, b, New\n"),
        ("from m import (a,b)\n", "from m import (a,b,New)\n"),
        ("from m import (\n    a,\n    b,\n)\n", "from m import (\n    a,\n    b,\n    New,\n)\n"),
        ("from m import (\n    a,\n    b\n)\n", "from m import (\n    a,\n    b,\n    New\n)\n"),
        ("from m import (\n    a,\n)\n", "from m import (\n    a,\n    New,\n)\n"),
        (
            "from m import (\n    a,  # one\n    b,  # two\n)\n",
            "from m import (\n    a,  # one\n    b,  # two\n    New,\n)\n",
        ),
        ("from m import a  # why\n", "from m import a, New  # why\n"),
        (
            "from m import (\n    a,\n    b  # two\n)\n",
            "from m import (\n    a,\n    b,  # two\n    New\n)\n",
        ),
        ("from m import (a,\n    b)\n", "from m import (a,\n    b,\n    New)\n"),
        ("from m import a, \\\n    b\n", "from m import a, \\\n    b, New\n"),
        (
            "from m import (\r\n  a as b,\r\n)\r\n",
            "from m import (\r\n  a as b,\r\n  New,\r\n)\r\n",
        ),
    ],
)
def test_an_import_is_extended_in_its_own_layout(before: str, after: str) -> None:
    parsed = module(before)
    (statement,) = parsed.tree.body
    assert isinstance(statement, ast.ImportFrom)
    assert rewritten(parsed, AddImport(statement, "New")) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from m import a\n", "from m import a, New, Old\n"),
        ("from m import (\n    a, b\n)\n", "from m import (\n    a, b, New, Old\n)\n"),
        ("from m import (\n  a\n)\n", "from m import (\n  a,\n  New,\n  Old\n)\n"),
    ],
)
def test_an_import_is_extended_by_several_names_at_once(before: str, after: str) -> None:
    parsed = module(before)
    (statement,) = parsed.tree.body
    assert isinstance(statement, ast.ImportFrom)
    assert rewritten(parsed, AddImport(statement, "New", ("Old",))) == after


def test_a_star_import_is_not_extended() -> None:
    parsed = module("from m import *\n")
    (statement,) = parsed.tree.body
    assert isinstance(statement, ast.ImportFrom)
    with pytest.raises(UnrewritableError, match="star"):
        AddImport(statement, "New").edits(parsed)


def test_an_edit_is_narrowed_to_what_differs() -> None:
    assert narrowed(10, "f(a=1)", "f(a=22)") == [Edit(14, 15, "22")]
    assert narrowed(0, "é1é", "é2é") == [Edit(2, 3, "2")]
    assert narrowed(0, "same", "same") == []
    assert narrowed(0, "aa", "aaa") == [Edit(2, 2, "a")]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("x = 1\n", "    "),
        ("def f():\n  x\n", "  "),
        ("class A:\n\tdef f(self): pass\n", "\t"),
        ('"""\n  text\n"""\nif a:\n    b\n', "    "),
        ("if a: b\nif c:\n   d\n", "   "),
    ],
)
def test_the_indentation_is_the_files_own(text: str, unit: str) -> None:
    assert indent_unit(module(textwrap.dedent(text))) == unit


def test_edits_that_overlap_are_refused() -> None:
    assert apply_edits(b"abc", [Edit(2, 3, "z"), Edit(0, 1, "x")]) == b"xbz"
    with pytest.raises(ValueError, match="overlap"):
        apply_edits(b"abc", [Edit(0, 2, "x"), Edit(1, 3, "y")])
    with pytest.raises(ValueError, match="outside"):
        apply_edits(b"abc", [Edit(2, 9, "x")])


def test_what_parses_is_python() -> None:
    assert parses(b"x = 1\n")
    assert not parses(b"x = \n")


@pytest.mark.parametrize("text", ["a = 1; b(c)\n", "if a: b(c)\n"])
def test_a_statement_that_shares_its_line_is_not_replaced(text: str) -> None:
    parsed = module(text)
    statement = parsed.statement(next(n for n in ast.walk(parsed.tree) if isinstance(n, ast.Call)))
    with pytest.raises(UnrewritableError, match="shares its line"):
        ReplaceStatement(statement, "d()").edits(parsed)


def test_a_node_whose_place_holds_other_code_is_not_rewritten() -> None:
    parsed = module("f(1)\n")
    moved = ast.parse("f(2)", mode="eval").body
    with pytest.raises(UnrewritableError, match="position in the file cannot be determined"):
        checked_slice(parsed, moved)
    moved.lineno = 9
    with pytest.raises(UnrewritableError, match="position in the file cannot be determined"):
        checked_slice(parsed, moved)


@pytest.mark.parametrize("code", ["a", "(a, b)", "((a), b)", "(x for x in y)"])
def test_an_expression_keeps_the_parentheses_that_are_its_own(code: str) -> None:
    assert generate(parse_expression(code, "\n"), "\n") == code
