from __future__ import annotations

import pytest

from codemods.code.layout import Layout, quoted, width
from codemods.code.module import Module
from codemods.code.source import Source
from codemods.settings.policy import Policy
from tests.codemods.rules.stacks import function_stack as stack
from tests.codemods.rules.stacks import switched
from tests.codemods.rules.verbs import Verbs, verbs

NAME = "fixed-reserved-concurrency"
rewrites, _leaves, _reports = verbs(NAME, line_length=200)
in_88_columns = Verbs(NAME).rewrites


def test_it_uses_the_quotes_of_the_file() -> None:
    code = stack("{}").replace('"', "'")
    after = f"reserved_concurrent_executions={switched('10')}".replace('"', "'")
    rewrites(code.format("reserved_concurrent_executions=10"), code.format(after))


def test_the_longest_line_of_code_says_how_long_lines_may_be() -> None:
    long = "from aws_cdk import " + ", ".join(
        f"aws_{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"
    )
    assert len(long) > 150
    call = 'aws_cdk.aws_lambda.Function(stack, "F", reserved_concurrent_executions={})\n'
    in_88_columns(
        f"import aws_cdk\n{long}\n{call.format(10)}",
        f"import aws_cdk\n{long}\n{call.format(switched('10', 'stack.node'))}",
    )


@pytest.mark.parametrize(
    "line",
    ["# " + "long comment " * 20, "x = 1  # " + "comment " * 30, '"""\n' + "a " * 99 + '"""'],
)
def test_comments_and_texts_do_not_say_how_long_lines_may_be(line: str) -> None:
    call = 'aws_cdk.aws_lambda.Function(stack, "F", reserved_concurrent_executions={})\n'
    in_88_columns(
        f"import aws_cdk\n{line}\n{call.format(10)}",
        f"import aws_cdk\n{line}\n"
        + call.format(
            '(\n    10\n    if str(stack.node.try_get_context("use_reserved_concurrency")).lower()'
            ' == "true"\n    else None\n)'
        ),
    )


def layout(text: str, limit: int | None = None) -> Layout:
    source = Source(text.encode())
    return Layout(source, source.parse(), limit)


def module(text: str) -> Module:
    source = Source(text.encode())
    return Module("stack.py", source, source.parse(), Policy())


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("x = 1\n", 88),
        ("x = " + "1" * 96 + "\n", 100),
        ("x = 1  # " + "a" * 100 + "\n", 88),
        ("x = '#' + '" + "a" * 96 + "'  # b\n", 108),
        ('x = """\n' + "a" * 100 + '\n"""\n', 88),
        ('# \x0c \u2028\nx = """\n' + "a" * 100 + '\n"""\n', 88),
        ("if x:\n\ty = '" + "a" * 90 + "'\n", 100),
        ("x = 'it\\'s # no comment" + "a" * 76 + "'\n", 100),
    ],
)
def test_a_line_may_be_as_long_as_the_longest_code(text: str, limit: int) -> None:
    assert layout(text).line_limit == limit


def test_the_setting_of_the_project_goes_first() -> None:
    assert layout("x = " + "1" * 96, limit=79).line_limit == 79


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("x = 1", '"'),
        ("x = 'a', 'b', \"c\"", "'"),
        ("x = 'a', \"b\"", '"'),
        ("x = f'{\"a\"}{\"b\"}', f'c'", "'"),
        ("'''a'''\n'''b'''\nx = \"c\"", '"'),
        ("x = r'a', u'b'", "'"),
        ("x = '😀a😀'", "'"),
    ],
)
def test_the_quote_is_the_one_that_most_strings_have(text: str, quote: str) -> None:
    assert layout(text).quote == quote


def test_a_text_is_quoted_as_the_file_does() -> None:
    assert quoted(module("x = 'a'"), "b") == "'b'"
    assert quoted(module("x = 1"), 'say "b"') == "'say \"b\"'"


def test_a_tab_is_four_columns() -> None:
    assert width("\tx") == 5
