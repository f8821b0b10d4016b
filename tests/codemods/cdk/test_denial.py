"""Functions whose role the CDK makes; roles have their tests with the rule."""

from __future__ import annotations

import textwrap
from typing import Any

import pytest

from codemods import Finding, Policy, Safety, fix
from tests.codemods.rules.verbs import Verbs
from tests.synthesis import Bench, differences

NAME = "missing-explicit-deny"
OPTIONS = {"implicit-roles": True}
implicit = Verbs(NAME, OPTIONS)

HEAD = "from aws_cdk import aws_iam as iam, aws_lambda as lambda_\n"
DENY = """\
# Add explicit deny for sensitive operations
{target}.add_to_role_policy(iam.PolicyStatement(
    effect=iam.Effect.DENY,
    actions=["iam:*", "organizations:*", "account:*"],
    resources=["*"],
))
"""
INITIAL = """[
    # Add explicit deny for sensitive operations
    iam.PolicyStatement(
        effect=iam.Effect.DENY,
        actions=["iam:*", "organizations:*", "account:*"],
        resources=["*"],
    ),
]"""


def finding(code: str) -> Finding:
    (found,) = implicit.finds(HEAD + code)
    return found


@pytest.mark.parametrize("kind", ["Function", "DockerImageFunction", "SingletonFunction"])
@pytest.mark.parametrize("target", ["fn", "self.fn", 'functions["fn"]'])
def test_a_function_gets_the_deny_behind_it(kind: str, target: str) -> None:
    before = f'{HEAD}{target} = lambda_.{kind}(self, "F", code=code)\n'
    implicit.rewrites(before, before + DENY.format(target=target))


@pytest.mark.parametrize("made", ["use({})", "x = [{}]", "x = {} if y else None"])
def test_a_function_inside_an_expression_gets_an_initial_policy(made: str) -> None:
    call = 'lambda_.Function(self, "F", code=code{more})'
    before = HEAD + made.format(call.format(more="")) + "\n"
    more = f", initial_policy={INITIAL}"
    implicit.rewrites(before, HEAD + made.format(call.format(more=more)) + "\n")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ("**options", "unpacked"),
        ("initial_policy=[allow]", "has an `initial_policy` already"),
    ],
)
def test_a_function_inside_an_expression_may_have_no_place_for_it(
    arguments: str, reason: str
) -> None:
    implicit.reports(f"{HEAD}use(lambda_.Function(self, 'F', {arguments}))\n", reason)


@pytest.mark.parametrize(
    "code",
    [
        "fn = lambda_.Function(self, 'F', role=role)",
        "fn = lambda_.Function(self, 'F', **{'role': role})",
        "options = dict(role=role)\nfn = lambda_.Function(self, 'F', **options)",
        "fn = lambda_.Function.from_function_arn(self, 'F', arn)",
        "fn = mine.Function(self, 'F')",
        (
            "deny = iam.PolicyStatement(effect=iam.Effect.DENY, actions=['iam:*'])\n"
            "fn = lambda_.Function(self, 'F', initial_policy=[deny])"
        ),
    ],
)
def test_it_leaves_functions_that_have_a_role_or_a_deny(code: str) -> None:
    implicit.leaves(f"{HEAD}import mine\n{code}\n")


def test_functions_without_a_role_are_nobodys_matter_unasked() -> None:
    Verbs(NAME).leaves(f"{HEAD}fn = lambda_.Function(self, 'F')\n")


@pytest.mark.parametrize(
    "use",
    [
        "from aws_cdk import aws_events_targets as t\nt.LambdaFunction(fn)",
        "table.grant_stream_read(fn)",
        "bucket.grant_read(fn)",
        "database.connections.allow_from(fn, port)",
        "fn.add_to_role_policy(iam.PolicyStatement(actions=['s3:GetObject'], resources=['*']))",
        "",
    ],
)
def test_the_fix_is_safe_where_the_function_stays(use: str) -> None:
    fixed = finding(f"fn = lambda_.Function(self, 'F')\n{use}\n").fix
    assert fixed is not None
    assert fixed.safety is Safety.SAFE


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("fn = lambda_.Function(self, 'F')\nmine.attach(fn)", "is passed to `mine.attach`"),
        ("self.fn = lambda_.Function(self, 'F')", "`self.fn` is read elsewhere"),
        ("def f():\n    fn = lambda_.Function(self, 'F')\n    return fn", "returned to code"),
        ("fn = lambda_.Function(self, 'F', **options)", "unpacked from elsewhere"),
        ("fn = lambda_.Function(*arguments)", "unpacked from elsewhere"),
        (
            "options = {'timeout': 3}\noptions['role'] = role\nfn = lambda_.Function(**options)",
            "unpacked from elsewhere",
        ),
        ("fn = lambda_.Function(self, 'F')\nx.grant_much(fn)", "`x.grant_much` allows is not"),
    ],
)
def test_the_fix_is_unsafe_where_somebody_else_may_need_what_it_denies(
    code: str, reason: str
) -> None:
    fixed = finding(f"import mine\n{code}\n").fix
    assert fixed is not None
    assert fixed.safety is Safety.UNSAFE
    assert reason in fixed.reason


def test_a_dict_that_is_all_in_sight_is_no_doubt() -> None:
    options = "options = {'timeout': 3}\n"
    fixed = finding(f"{options}fn = lambda_.Function(self, 'F', **options)\n").fix
    assert fixed is not None
    assert fixed.safety is Safety.SAFE


def test_a_function_that_may_pass_roles_is_reported() -> None:
    implicit.reports(
        f"{HEAD}fn = lambda_.Function(self, 'F')\nrole.grant_pass_role(fn)\n", "iam:PassRole"
    )


# What CloudFormation gets

STACK = """
from aws_cdk import Stack, aws_iam as iam, aws_lambda as lambda_

CODE = lambda_.Code.from_inline("x = 1")
PYTHON = lambda_.Runtime.PYTHON_3_12

def use(function):
    return function

class Compute(Stack):
    def __init__(self, scope, construct_id, **kwargs):
        super().__init__(scope, construct_id, **kwargs)
{body}
"""
FUNCTION = 'lambda_.Function(self, "F", runtime=PYTHON, handler="index.handler", code=CODE)'
ALLOW = 'iam.PolicyStatement(actions=["s3:GetObject"], resources=["*"])'
STATEMENT = {
    "Action": ["iam:*", "organizations:*", "account:*"],
    "Effect": "Deny",
    "Resource": "*",
}


def synthesized(bench: Bench, body: str) -> dict[str, tuple[Any, Any]]:
    before = STACK.format(body=textwrap.indent(body, " " * 8))
    policy = Policy(select=frozenset({NAME}), options={NAME: OPTIONS})
    after = fix(before.encode(), "stack.py", policy, unsafe=True).source.decode()
    one, two = (bench.stacks(source)["Compute"] for source in (before, after))
    return differences(one, two)


@pytest.mark.parametrize("made", ["fn = {}", "use({})"])
def test_the_role_gets_a_policy_and_the_function_waits_for_it(bench: Bench, made: str) -> None:
    changed = synthesized(bench, made.format(FUNCTION))
    (policy,) = [path for path in changed if path.startswith("Resources.FServiceRoleDefaultPolicy")]
    (waits,) = [path for path in changed if path.endswith(".DependsOn")]
    assert sorted(changed) == sorted([policy, waits])
    _, after = changed[policy]
    assert after["Type"] == "AWS::IAM::Policy"
    assert after["Properties"]["PolicyDocument"]["Statement"] == [STATEMENT]


def test_a_policy_that_the_role_has_gets_one_statement_more(bench: Bench) -> None:
    changed = synthesized(bench, f"fn = {FUNCTION}\nfn.add_to_role_policy({ALLOW})")
    ((path, (before, after)),) = changed.items()
    assert path.endswith(".Properties.PolicyDocument.Statement")
    assert [statement for statement in after if statement not in before] == [STATEMENT]
