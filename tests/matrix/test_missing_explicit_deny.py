"""What `missing-explicit-deny` changes in a template."""

from typing import Any

import pytest

from tests.matrix.forms import Form
from tests.matrix.places import WITH_SELF
from tests.matrix.proof import Pair, prove, spare, unused
from tests.synthesis import Bench

RULE = "missing-explicit-deny"
DENY = {
    "Effect": "Deny",
    "Action": ["account:*", "iam:*", "organizations:*"],
    "Resource": "*",
}
MINIMIZED = {"@aws-cdk/aws-iam:minimizePolicies": True}  # sorts and merges, as new projects do
PRINCIPAL = 'iam.ServicePrincipal("lambda.amazonaws.com")'
ROLE = f'iam.Role(SCOPE, "Role", assumed_by={PRINCIPAL})'
FUNCTION = """
lambda_.Function(
    SCOPE,
    "Function",
    runtime=lambda_.Runtime.PYTHON_3_12,
    handler="index.handler",
    code=lambda_.Code.from_inline("def handler(event, context): ..."),
    role={},
)
"""
ALLOW = """
role.add_to_policy(iam.PolicyStatement(actions=["s3:GetObject"], resources=["*"]))
"""
INLINE = f"""iam.Role(
    SCOPE,
    "Role",
    assumed_by={PRINCIPAL},
    inline_policies={{
        "Read": iam.PolicyDocument(
            statements=[iam.PolicyStatement(actions=["s3:GetObject"], resources=["*"])]
        )
    }},
)"""

NEW_POLICY = ("AWS::IAM::Policy",)
NEW_POLICY_OF_A_FUNCTION = ("AWS::IAM::Policy", "AWS::Lambda::Function.DependsOn")
POLICY = ("AWS::IAM::Policy.PolicyDocument",)
ROLE_ITSELF = ("AWS::IAM::Role.Policies",)

FORMS = {
    "a variable": Form(f"role = {ROLE}", NEW_POLICY),
    "the role of a function": Form(
        f"role = {ROLE}" + FUNCTION.format("role"), NEW_POLICY_OF_A_FUNCTION
    ),
    "a role that has a policy": Form(f"role = {ROLE}" + ALLOW, POLICY),
    "policies are minimized": Form(f"role = {ROLE}" + ALLOW, POLICY, context=MINIMIZED),
    "an attribute": Form(f"self.role = {ROLE}", NEW_POLICY, places=WITH_SELF),
    "an interface": Form(f"role: iam.IRole = {ROLE}", NEW_POLICY),
    "a cast": Form(f"role = cast(iam.IRole, {ROLE})", NEW_POLICY, top="from typing import cast\n"),
    "a composite principal": Form(
        'role = iam.Role(SCOPE, "Role", assumed_by=iam.CompositePrincipal('
        f'iam.ServicePrincipal("edgelambda.amazonaws.com"), {PRINCIPAL}))',
        NEW_POLICY,
    ),
    "a constant principal": Form(
        'role = iam.Role(SCOPE, "Role", assumed_by=iam.ServicePrincipal(LAMBDA))',
        NEW_POLICY,
        top='LAMBDA = "lambda.amazonaws.com"\n',
    ),
    "in a call": Form(FUNCTION.format(ROLE), ROLE_ITSELF),
    "returned": Form(f"def role():\n    return {ROLE}\n" + FUNCTION.format("role()"), ROLE_ITSELF),
    "a walrus": Form(f"if (role := {ROLE}).role_arn:\n    pass", ROLE_ITSELF),
    "in a call, with inline policies": Form(FUNCTION.format(INLINE), ROLE_ITSELF),
    "the CDK's own role": Form(
        "function = " + FUNCTION.replace("    role={},\n", "").strip(),
        NEW_POLICY_OF_A_FUNCTION,
        options={"implicit-roles": True},
    ),
    "the CDK's own role, in a call": Form(
        f"print({FUNCTION.replace('    role={},', '').strip()})",
        NEW_POLICY_OF_A_FUNCTION,
        options={"implicit-roles": True},
    ),
}
LEFT = {
    "another principal": Form(ROLE.replace("lambda.", "states."), expected=""),
    "an imported role": Form(
        'iam.Role.from_role_arn(SCOPE, "Role", "arn:aws:iam::1:role/x")', expected=""
    ),
    "a role that denies": Form(
        f"role = {ROLE}\nrole.add_to_policy(iam.PolicyStatement("
        'effect=iam.Effect.DENY, actions=["iam:*"], resources=["*"]))',
        expected="",
    ),
    "a boundary": Form(
        f"iam.Role(SCOPE, 'Role', assumed_by={PRINCIPAL}, permissions_boundary="
        'iam.ManagedPolicy.from_aws_managed_policy_name("PowerUserAccess"))',
        expected="",
    ),
    "the CDK's own role": Form(FUNCTION.replace("    role={},\n", ""), expected=""),
    "an administrator": Form(
        f"role = iam.Role(SCOPE, 'Role', assumed_by={PRINCIPAL}, managed_policies=["
        'iam.ManagedPolicy.from_aws_managed_policy_name("AdministratorAccess")])',
        expected="AdministratorAccess",
    ),
    "a role that passes roles": Form(
        f"role = {ROLE}\nother = iam.Role(SCOPE, 'Other', "
        'assumed_by=iam.ServicePrincipal("ecs.amazonaws.com"))\nother.grant_pass_role(role)',
        expected="PassRole",
    ),
    "inline policies from elsewhere": Form(
        "policies = dict()\n"
        f"role = iam.Role(SCOPE, 'Role', assumed_by={PRINCIPAL}, inline_policies=policies)",
        expected="inline_policies",
    ),
    "a comprehension": Form(f"roles = [{ROLE} for _ in range(1)]", expected="comprehension"),
    "one line for two": Form(f"role = {ROLE}; role.role_arn", expected="shares its line"),
}


def statements(resources: dict[str, Any]) -> list[Any]:
    """Every policy statement of policies and roles, its actions in order."""
    documents = []
    for resource in resources.values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::IAM::Policy":
            documents.append(properties["PolicyDocument"])
        if resource["Type"] == "AWS::IAM::Role":
            documents += [it["PolicyDocument"] for it in properties.get("Policies", [])]
    return [
        {**statement, "Action": _sorted(statement["Action"])}
        for document in documents
        for statement in document["Statement"]
    ]


def _sorted(actions: Any) -> Any:
    return sorted(actions) if isinstance(actions, list) else actions


def one_deny_more(pair: Pair) -> None:
    before, after = statements(dict(pair.before)), statements(dict(pair.after))
    assert DENY not in before
    assert after.count(DENY) == 1
    assert [statement for statement in after if statement != DENY] == before
    policies = {
        name: policy["Properties"]["Roles"]
        for name, policy in pair.after.items()
        if policy["Type"] == "AWS::IAM::Policy"
    }
    for name, function in pair.after.items():
        if function["Type"] == "AWS::Lambda::Function":
            role = function["Properties"]["Role"]["Fn::GetAtt"][0]
            own = {policy for policy, roles in policies.items() if {"Ref": role} in roles}
            assert {role, *own} == set(function["DependsOn"]), name


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_the_role_gets_one_deny(bench: Bench, form: str) -> None:
    prove(bench, RULE, FORMS, form, one_deny_more)


@pytest.mark.slow
@pytest.mark.parametrize("form", LEFT)
def test_what_is_right_or_refused_stays(bench: Bench, form: str) -> None:
    spare(bench, RULE, LEFT, form)


def test_the_rule_declares_nothing_that_no_form_changes() -> None:
    assert unused(RULE, FORMS) == set()
