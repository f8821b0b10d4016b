from __future__ import annotations

import textwrap

import pytest

from tests.codemods.rules.verbs import Verbs, verbs

rewrites, _leaves, reports = verbs("bucket-name-without-account")
concurrency = Verbs("fixed-reserved-concurrency", line_length=200)

SWITCH = 'str({node}.try_get_context("use_reserved_concurrency")).lower() == "true"'

HEAD = """
import aws_cdk as cdk
from aws_cdk import Stack, NestedStack, aws_s3
from constructs import Construct
from project.base import BaseStack, Component
"""


@pytest.mark.parametrize(
    ("body", "account"),
    [
        (["class S(Stack):", " def f(self):", "  BUCKET(self)"], "self"),
        (["class S(cdk.NestedStack):", " def f(me):", "  BUCKET(me)"], "me"),
        (["class S(BaseStack):", " def f(self):", "  BUCKET(self)"], "self"),
        (["class A(Stack): ...", "class B(A):", " def f(self):", "  BUCKET(self)"], "self"),
        (["class S(Stack):", " def f(self):", "  def g():", "   BUCKET(self)"], "self"),
        (["class S(Stack):", " def f(self):", "  g = lambda: BUCKET(self)"], "self"),
        (["class S(Stack):", " def f(self):", "  BUCKET(Construct(self, 'C'))"], "self"),
        (["class S(Stack):", " def f(self, other):", "  BUCKET(other)"], "Stack.of(other)"),
        (["class S(Stack):", " def f(self):", "  BUCKET(self.inner)"], "Stack.of(self.inner)"),
        (
            ["class S(Stack):", " @staticmethod", " def f(scope):", "  BUCKET(scope)"],
            "Stack.of(scope)",
        ),
        (["class C(Construct):", " def f(self):", "  BUCKET(self)"], "Stack.of(self)"),
        (["class C(Component):", " def f(self):", "  BUCKET(self)"], "Stack.of(self)"),
        (
            ["class C(Construct):", " def f(self):", "  BUCKET(Construct(self, 'C'))"],
            "Stack.of(self)",
        ),
        (["def f(stack: Stack):", " BUCKET(stack)"], "stack"),
        (["def f(scope: Construct):", " BUCKET(scope)"], "Stack.of(scope)"),
        (["stack = Stack(cdk.App(), 'S')", "BUCKET(stack)"], "stack"),
        (["def f(scope):", " stack = Stack.of(scope)", " BUCKET(stack)"], "stack"),
    ],
)
def test_the_account_is_that_of_the_stack_around_the_bucket(body: list[str], account: str) -> None:
    code = HEAD + "\n".join(body).replace(
        "BUCKET(", 'aws_s3.Bucket(id="B", bucket_name=NAME, scope='
    )
    rewrites(code.replace("NAME", '"logs"'), code.replace("NAME", f'f"logs-{{{account}.account}}"'))


@pytest.mark.parametrize(
    "body",
    [
        "aws_s3.Bucket(*arguments, bucket_name='logs')",
        "aws_s3.Bucket(make(), 'B', bucket_name='logs')",
        "class S:\n    def f(self): aws_s3.Bucket(self.make(), 'B', bucket_name='logs')",
        "class S(Stack):\n @classmethod\n def f(cls): aws_s3.Bucket(x(), 'B', bucket_name='logs')",
    ],
)
def test_where_no_construct_is_certain_it_says_what_the_last_resort_is(body: str) -> None:
    finding = reports(HEAD + body, "The account is not known here")
    assert "Aws.ACCOUNT_ID" in finding.refusal


@pytest.mark.parametrize(
    ("body", "node"),
    [
        (
            """
            def build(scope):
                Function(scope, "F", {})
            """,
            "scope.node",
        ),
        (
            """
            def build(app):
                Function(scope=app.stack, id="F", {})
            """,
            "app.stack.node",
        ),
        (
            """
            class Base:
                @staticmethod
                def build(stack):
                    Function(stack, "F", {})
            """,
            "stack.node",
        ),
        (
            """
            class Api(Construct):
                def __init__(this, scope):
                    def build():
                        Function(Construct(this, "C"), "F", {})
                    build()
            """,
            "this.node",
        ),
        (
            """
            class Api(Base):
                def add(self):
                    Function(cdk.Stack.of(self), "F", {})

            class Base(cdk.Stack): ...
            """,
            "self.node",
        ),
        (
            """
            class Api(ProjectStack):
                def add(self):
                    Function(self.stacks["a"], "F", {})
            """,
            "self.node",
        ),
    ],
)
def test_the_node_is_that_of_the_functions_own_scope(body: str, node: str) -> None:
    head = (
        "import aws_cdk as cdk\nfrom aws_cdk.aws_lambda import Function\n"
        "from constructs import Construct\n\n"
    )
    code = head + textwrap.dedent(body).replace("{}", "reserved_concurrent_executions={}")
    concurrency.rewrites(
        code.format(10), code.format(f"10 if {SWITCH.format(node=node)} else None")
    )


@pytest.mark.parametrize(
    "call",
    [
        'Function(Construct(app, "C"), "F", {})',
        "Function(*arguments, {})",
        'Function(stacks[0], "F", {})',
    ],
)
def test_it_asks_no_node_that_it_is_not_sure_of(call: str) -> None:
    code = "from aws_cdk.aws_lambda import Function\n\n" + call + "\n"
    concurrency.reports(
        code.format("reserved_concurrent_executions=10"), "whose node could be asked"
    )


def test_a_method_of_no_construct_has_no_node() -> None:
    concurrency.reports(
        """
        from aws_cdk import aws_lambda as lambda_

        class Builder:
            def build(self):
                lambda_.Function(self.parent(), "F", reserved_concurrent_executions=10)
        """,
        "whose node could be asked",
    )


def test_bases_that_go_in_a_circle_are_no_construct() -> None:
    bases = "class A(B): ...\nclass B(A):\n def f(self):\n"
    code = f"{HEAD}{bases}  aws_s3.Bucket(make(), 'B', bucket_name='logs')\n"
    reports(code, "The account is not known here")
