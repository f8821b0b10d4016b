from __future__ import annotations

import pytest

from tests.codemods.rules.verbs import verbs

rewrites, leaves, reports = verbs("bucket-name-without-account")

STACK = """
from aws_cdk import Stack, RemovalPolicy, aws_s3 as s3

class AuditStack(Stack):
    def __init__(self, scope, construct_id, suffix="dev", **kwargs):
        super().__init__(scope, construct_id, **kwargs)
        s3.Bucket(self, "AuditLogs", {arguments})
"""
HEAD = """
import aws_cdk as cdk
from aws_cdk import Stack, NestedStack, aws_s3
from constructs import Construct
from project.base import BaseStack, Component
"""

IMPORTS = "import time\nfrom datetime import datetime\nfrom aws_cdk import Aws, Fn, PhysicalName\n"


def stack(arguments: str) -> str:
    return STACK.replace("{arguments}", arguments)


@pytest.mark.parametrize(
    "name",
    [
        'f"logs-{self.account}"',
        'f"logs-{Stack.of(self).account}"',
        'f"logs-{Aws.ACCOUNT_ID}"',
        'Fn.sub("logs-${AWS::AccountId}")',
        'f"logs-{account_id}"',
        "f\"logs-{config['account']}\"",
        "f\"logs-{os.environ['CDK_DEFAULT_ACCOUNT']}\"",
        "f\"logs-{self.node.try_get_context('account_id')}\"",
        'f"logs-{uuid.uuid4()}"',
        '"logs-" + "".join(random.sample("abc", 3))',
        '"logs-{}".format(kwargs["env"].account)',
        'f"logs-{int(time.time())}"',
        'f"logs-{datetime.now():%Y}"',
        "PhysicalName.GENERATE_IF_NEEDED",
        "None",
    ],
)
def test_it_leaves_unique_names(name: str) -> None:
    leaves(IMPORTS + stack(f"bucket_name={name}"))


@pytest.mark.parametrize(
    "body",
    [
        "account = self.account\n        name = f'logs-{account}'",
        "a = self.account\n        name = f'logs-{a}'",
        "a = self.account if suffix else 'x'\n        name = f'logs-{a}'",
        "name = 'logs'\n        name += self.account",
        (
            "if suffix:\n            a = 'dev'\n        else:\n            a = self.account\n"
            "        name = f'logs-{a}'"
        ),
        (
            "name = 0\n    def named(self, x):\n        return f'{x}-{self.account}'\n"
            "    def g(self):\n        name = self.named('logs')"
        ),
    ],
)
def test_it_follows_names_to_the_account(body: str) -> None:
    leaves(
        f"{HEAD}class S(Stack):\n    def f(self, suffix):\n        {body}\n"
        "        aws_s3.Bucket(self, 'B', bucket_name=name)\n"
    )


def test_a_function_is_not_believed_by_its_name() -> None:
    code = (
        f"{HEAD}class S(Stack):\n    def unique(self, x):\n        return f'{{x}}-{{self.stage}}'\n"
        "    def f(self):\n        aws_s3.Bucket(self, 'B', bucket_name=NAME)\n"
    )
    reports(code.replace("NAME", "self.unique('logs')"), "comes from elsewhere")


def test_an_account_in_a_fixed_part_alone_is_no_account() -> None:
    rewrites(
        stack('bucket_name="user-account"'), stack('bucket_name=f"user-account-{self.account}"')
    )


HELPER = """
from aws_cdk import Stack, aws_s3 as s3

class Storage(Stack):
    def __init__(self, scope):
        {calls}

    def add(self, construct_id, name{default}):
        s3.Bucket(self, construct_id, bucket_name=name)
"""


@pytest.mark.parametrize(
    "calls",
    [
        'self.add("A", f"a-{self.account}")',
        'self.add("A", name=f"a-{self.account}"); self.add("B", f"b-{self.account}")',
    ],
)
def test_a_parameter_is_what_the_calls_in_the_file_pass(calls: str) -> None:
    leaves(HELPER.format(calls=calls, default=""))


@pytest.mark.parametrize(
    "calls",
    [
        "pass",
        'self.add("A", "a")',
        'self.add("A", f"a-{self.account}"); self.add("B", "b")',
        'self.add("A", f"a-{self.account}"); self.add(*names)',
        'self.add("A", f"a-{self.account}"); self.add("B")',
    ],
)
def test_one_call_without_the_account_is_enough(calls: str) -> None:
    reports(HELPER.format(calls=calls, default='="b"'), "comes from elsewhere")


def test_a_class_gets_what_it_is_made_with() -> None:
    leaves(
        """
        from aws_cdk import aws_s3
        from constructs import Construct

        class Storage(Construct):
            def __init__(self, scope, construct_id, *, name):
                aws_s3.Bucket(self, "B", bucket_name=f"{name}-logs")

        def build(stack):
            Storage(stack, "S", name=f"a-{stack.account}")
        """
    )


def test_a_text_with_the_pseudo_parameter_is_unique() -> None:
    leaves(stack('bucket_name="logs-${AWS::AccountId}"'))
