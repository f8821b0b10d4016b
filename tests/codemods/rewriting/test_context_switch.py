from __future__ import annotations

import subprocess
import sys

import pytest

from codemods import fix
from tests.codemods.rules.stacks import function_stack as stack
from tests.codemods.rules.stacks import switched
from tests.codemods.rules.verbs import Verbs, verbs

NAME = "fixed-reserved-concurrency"
rewrites, _leaves, _reports = verbs(NAME, line_length=200)
in_88_columns = Verbs(NAME).rewrites


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("(10)", f"({switched('10')})"),
        ("(limit := 10)", f"({switched('(limit := 10)')})"),
        ("cast(int, 10)", switched("cast(int, 10)")),
    ],
)
def test_a_value_keeps_its_own_parentheses(before: str, after: str) -> None:
    code = "from typing import cast\n" + stack("reserved_concurrent_executions={}")
    rewrites(code.format(before), code.format(after))


@pytest.mark.parametrize("length", [60, 72, 79, 88, 100, 120, 160])
@pytest.mark.parametrize("node", ["self", "self.stacks.payment_processing_stack"])
@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_a_long_value_is_laid_out_as_the_formatter_would(
    length: int, node: str, depth: int
) -> None:
    """The file is formatted before; a formatter finds nothing to do afterwards."""
    lines = ["def build(self):"]
    lines += ["    " * (level + 1) + "if self:" for level in range(depth)]
    call = f'Function({node}, "F", handler="index.handler", reserved_concurrent_executions=10,)'
    lines += ["    " * (depth + 1) + call]
    head = "from aws_cdk.aws_lambda import Function\n\n\n"
    before = formatted(head + "\n".join(lines) + "\n", length)
    after = fix(before.encode(), "stack.py", Verbs(NAME, line_length=length)._policy).source
    assert after.decode().count("try_get_context") == 1
    assert formatted(after.decode(), length) == after.decode()


def formatted(code: str, length: int) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--isolated", f"--line-length={length}", "-"]
    return subprocess.run(command, input=code, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    ("indent", "newline", "end"),
    [("  ", "\n", "\n"), ("\t", "\n", "\n"), ("    ", "\r\n", "\r\n"), ("   ", "\n", "")],
)
def test_it_keeps_indentation_newlines_comments_and_the_end_of_the_file(
    indent: str, newline: str, end: str
) -> None:
    before = [
        "import aws_cdk",
        "def build(stack):",
        ">aws_cdk.aws_lambda.Function(",
        '>>stack,  # here — "so"',
        '>>"F",',
        ">>reserved_concurrent_executions = 10,  # enough",
        ">)",
    ]
    after = [
        *before[:5],
        ">>reserved_concurrent_executions = (",
        ">>>10",
        '>>>if str(stack.node.try_get_context("use_reserved_concurrency")).lower()',
        '>>>== "true"',
        ">>>else None",
        ">>),  # enough",
        ">)",
    ]
    if indent == "  ":
        after[7:9] = [" ".join([after[7], '== "true"'])]

    def text(lines: list[str]) -> bytes:
        return (newline.join(lines) + end).replace(">", indent).encode()

    in_88_columns(text(before), text(after))


def test_a_value_in_a_call_on_one_line_gets_lines_of_its_own() -> None:
    in_88_columns(
        """
        from aws_cdk import aws_lambda

        def build(scope):
            aws_lambda.Function(scope, "F", reserved_concurrent_executions=10, memory_size=128)
        """,
        """
        from aws_cdk import aws_lambda

        def build(scope):
            aws_lambda.Function(scope, "F", reserved_concurrent_executions=(
                10
                if str(scope.node.try_get_context("use_reserved_concurrency")).lower() == "true"
                else None
            ), memory_size=128)
        """,
    )
