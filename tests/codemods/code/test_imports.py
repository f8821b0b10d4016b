from __future__ import annotations

import pytest

from tests.codemods.rules.verbs import Verbs, verbs

rewrites, _leaves, reports = verbs("bucket-name-without-account")
IMPLICIT = {"implicit-roles": True}
denies = Verbs("missing-explicit-deny", IMPLICIT).rewrites


@pytest.mark.parametrize(
    ("imports", "call", "after"),
    [
        ("import aws_cdk as cdk", "cdk.aws_s3.Bucket", "cdk.Stack.of(scope)"),
        ("import aws_cdk", "aws_cdk.aws_s3.CfnBucket", "aws_cdk.Stack.of(scope)"),
        ("import aws_cdk.aws_s3", "aws_cdk.aws_s3.Bucket", "aws_cdk.Stack.of(scope)"),
        ("from aws_cdk import aws_s3, Stack as S", "aws_s3.Bucket", "S.of(scope)"),
        ("from aws_cdk import core, aws_s3", "aws_s3.Bucket", "core.Stack.of(scope)"),
        ("from aws_cdk import core as cdk, aws_s3", "aws_s3.Bucket", "cdk.Stack.of(scope)"),
        (
            "from aws_cdk.core import Stack\nfrom aws_cdk.aws_s3 import Bucket",
            "Bucket",
            "Stack.of(scope)",
        ),
        ("from aws_cdk import *\nfrom aws_cdk.aws_s3 import Bucket", "Bucket", "Stack.of(scope)"),
    ],
)
def test_a_helper_asks_the_stack_by_the_name_that_the_file_has_for_it(
    imports: str, call: str, after: str
) -> None:
    code = f'{imports}\n\ndef build(scope):\n    {call}(scope, "B", bucket_name=NAME)\n'
    rewrites(code.replace("NAME", '"logs"'), code.replace("NAME", f'f"logs-{{{after}.account}}"'))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from aws_cdk import aws_s3", "from aws_cdk import aws_s3, Stack"),
        (
            "from aws_cdk import (\n    aws_s3,\n    aws_sqs,\n)",
            "from aws_cdk import (\n    aws_s3,\n    aws_sqs,\n    Stack,\n)",
        ),
        (
            "import aws_cdk.aws_s3 as aws_s3",
            "from aws_cdk import Stack\nimport aws_cdk.aws_s3 as aws_s3",
        ),
        (
            "import os\nfrom aws_cdk import aws_s3\nfrom aws_cdk.core import Construct",
            "import os\nfrom aws_cdk import aws_s3\nfrom aws_cdk.core import Construct, Stack",
        ),
    ],
)
def test_it_imports_stack_where_the_file_does_not(before: str, after: str) -> None:
    body = '\n\ndef build(scope):\n    aws_s3.Bucket(scope, "B", bucket_name={})\n'
    rewrites(
        before + body.format('"logs"'), after + body.format('f"logs-{Stack.of(scope).account}"')
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    from aws_cdk import aws_s3\n", "    from aws_cdk import aws_s3, Stack\n"),
        (
            "    import aws_cdk.aws_s3 as aws_s3\n",
            "    from aws_cdk import Stack\n    import aws_cdk.aws_s3 as aws_s3\n",
        ),
    ],
)
def test_it_imports_stack_in_the_function_that_imports_the_cdk(before: str, after: str) -> None:
    code = 'def build(scope):\n{}    aws_s3.Bucket(scope, "B", bucket_name={})\n'
    rewrites(code.format(before, '"logs"'), code.format(after, 'f"logs-{Stack.of(scope).account}"'))


def test_it_imports_stack_in_the_try_that_imports_the_cdk() -> None:
    code = (
        "try:\n    from aws_cdk import aws_s3{}\nexcept ImportError:\n    raise\n\n"
        'def build(scope):\n    aws_s3.Bucket(scope, "B", bucket_name={})\n'
    )
    rewrites(code.format("", '"logs"'), code.format(", Stack", 'f"logs-{Stack.of(scope).account}"'))


def test_two_buckets_share_one_import() -> None:
    code = (
        "from aws_cdk import aws_s3{}\n\ndef build(scope):\n"
        '    aws_s3.Bucket(scope, "A", bucket_name={}a{}")\n'
        '    aws_s3.Bucket(scope, "B", bucket_name={}b{}")\n'
    )
    account = "-{Stack.of(scope).account}"
    rewrites(
        code.format("", '"', "", '"', ""), code.format(", Stack", 'f"', account, 'f"', account)
    )


@pytest.mark.parametrize(
    "collision",
    [
        "Stack = object()\n",
        "class Stack: ...\n",
        "def Stack(): ...\n",
        "from mine import Stack\n",
        "from mine import *\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from aws_cdk import Stack\n",
        "def outer(Stack): ...\n",
    ],
)
def test_a_name_that_means_something_else_is_not_shadowed(collision: str) -> None:
    code = (
        f"from aws_cdk import aws_s3\n{collision}\ndef build(scope):\n"
        '    aws_s3.Bucket(scope, "B", bucket_name="logs")\n'
    )
    if collision.startswith("def outer"):
        rewrites(
            code,
            code.replace("import aws_s3", "import aws_s3, Stack").replace(
                '"logs"', 'f"logs-{Stack.of(scope).account}"'
            ),
        )
    else:
        reports(code, "The account is not known here")


@pytest.mark.parametrize(
    ("before", "after", "iam"),
    [
        ("aws_s3", "aws_s3, aws_iam", "aws_iam"),
        ("Stack, aws_s3 as s3", "Stack, aws_s3 as s3, aws_iam as iam", "iam"),
        ("aws_s3 as s3, aws_sqs", "aws_s3 as s3, aws_sqs, aws_iam", "aws_iam"),
        ("aws_lambda as _lambda", "aws_lambda as _lambda, aws_iam", "aws_iam"),
        (
            "aws_lambda as lambda_, aws_s3 as s3, aws_sqs as sqs",
            "aws_lambda as lambda_, aws_s3 as s3, aws_sqs as sqs, aws_iam as iam",
            "iam",
        ),
    ],
)
def test_a_whole_module_joins_the_import_of_the_others(before: str, after: str, iam: str) -> None:
    body = "\nfrom aws_cdk.aws_lambda import Function\nf = Function(s, 'F')\n"
    statement = (
        "# Add explicit deny for sensitive operations\n"
        f"f.add_to_role_policy({iam}.PolicyStatement(\n    effect={iam}.Effect.DENY,\n"
        "    actions=['iam:*', 'organizations:*', 'account:*'],\n"
        "    resources=['*'],\n))\n"
    )
    denies(f"from aws_cdk import {before}{body}", f"from aws_cdk import {after}{body}{statement}")


def test_a_module_whose_name_is_taken_brings_its_members() -> None:
    body = "from aws_cdk import aws_s3 as s3\nfrom aws_cdk.aws_lambda import Function\niam = 1\n"
    (finding,) = Verbs("missing-explicit-deny", IMPLICIT).finds(f"{body}f = Function(s, 'F')\n")
    assert finding.fix is not None
    texts = [edit.replacement for edit in finding.fix.edits]
    assert "from aws_cdk.aws_iam import Effect, PolicyStatement\n" in texts


BUCKET = "def f(scope):\n    s3.Bucket(scope, 'B', bucket_name='logs')\n"


def test_an_import_that_shares_its_line_takes_no_other_above() -> None:
    code = f"import os; import aws_cdk.aws_s3 as s3\n{BUCKET}"
    reports(code, "the statement shares its line with another one")


def test_an_import_below_the_use_is_not_extended() -> None:
    reports(f"{BUCKET}from aws_cdk import aws_s3 as s3\n", "The account is not known here")
