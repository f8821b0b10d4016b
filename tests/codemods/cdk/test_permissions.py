from __future__ import annotations

import pytest

from tests.codemods.rules.verbs import Verbs

bound = Verbs("missing-explicit-deny")
implicit = Verbs("missing-explicit-deny", {"implicit-roles": True})
HEAD = (
    "from aws_cdk import aws_iam as iam, aws_lambda as lambda_, aws_s3 as s3\n"
    'role = iam.Role(s, "R", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))\n'
)
DENY = 'iam.PolicyStatement(effect=iam.Effect.DENY, actions=["iam:*"])'


@pytest.mark.parametrize(
    "text",
    [
        f'fn = lambda_.Function(s, "F", role=role, initial_policy=[{DENY}])\n',
        f'fn = lambda_.Function(s, "F", role=role)\nfn.add_to_role_policy({DENY})\n',
        f'fn = lambda_.Function(s, "F", role=role)\nfn.role.add_to_policy({DENY})\n',
        f'fn = lambda_.Function(s, "F", role=role)\nown = fn.role\nown.add_to_policy({DENY})\n',
        f"policy = iam.Policy(s, 'P', statements=[{DENY}])\npolicy.attach_to_role(role)\n",
        f"iam.Policy(s, 'P', statements=[{DENY}], roles=[role])\n",
    ],
)
def test_a_deny_reaches_the_role_by_its_function_or_policy(text: str) -> None:
    assert bound.finds(HEAD + text) == ()


@pytest.mark.parametrize(
    "text",
    [
        'fn = lambda_.Function(s, "F", role=role)\nfn.add_environment("A", "b")\n',
        'fn = lambda_.Function(s, "F", role=role)\nfn.role.add_to_policy(unknown())\n',
        'lambda_.Function(s, "F", role=role)\nlambda_.Function(s, "G", role=role)\n',
        'lambda_.Function(s, "F", role=role, log_retention_role=role)\n',
        "roles = [role]\n",
        "pairs = [[role]]\n",
    ],
)
def test_other_uses_deny_nothing(text: str) -> None:
    (finding,) = bound.finds(HEAD + text)
    assert finding.rule == "missing-explicit-deny"


def test_a_function_whose_role_is_used_twice_is_read_once() -> None:
    text = (
        'fn = lambda_.Function(s, "F", role=role)\n'
        'alias = lambda_.Function(s, "G", role=fn.role)\n'
        'bucket = s3.Bucket(s, "B")\nbucket.grant_read(fn)\n'
    )
    (finding,) = bound.finds(HEAD + text)
    assert finding.fix
    assert finding.fix.safety == "safe"


def test_the_implicit_role_of_a_function_takes_its_initial_policy() -> None:
    text = f'fn = lambda_.Function(s, "F", initial_policy=[{DENY}])\n'
    assert (
        implicit.finds("from aws_cdk import aws_iam as iam, aws_lambda as lambda_\n" + text) == ()
    )


def test_a_custom_resource_may_allow_more() -> None:
    text = 'from aws_cdk import custom_resources as cr\ncr.AwsCustomResource(s, "C", role=role)\n'
    (finding,) = bound.finds(HEAD + text)
    assert finding.fix
    assert "An `AwsCustomResource` gives it what its calls need." in finding.fix.reason
