from __future__ import annotations

import pytest

from tests.codemods.rules.verbs import Verbs, verbs

_rewrites, leaves, _reports = verbs("missing-explicit-deny")
bound = Verbs("missing-explicit-deny")
HEAD = "from aws_cdk import aws_iam as iam\n"
SERVICE = 'iam.ServicePrincipal("lambda.amazonaws.com")'


def role(principal: str = SERVICE) -> str:
    return f'role = iam.Role(s, "R", assumed_by={principal})\n'


@pytest.mark.parametrize(
    ("principal", "found"),
    [
        ('iam.ServicePrincipal(f"lambda.{s.url_suffix}")', 1),
        ('iam.ServicePrincipal(f"lambda.{s.partition}")', 0),
        ('iam.ServicePrincipal(f"{s.name}.amazonaws.com")', 0),
        (f"iam.PrincipalWithConditions({SERVICE}, conditions)", 1),
        (f"{SERVICE}.with_conditions(conditions)", 1),
        ("iam.AccountRootPrincipal()", 0),
    ],
)
def test_a_principal_is_a_function_or_not(principal: str, found: int) -> None:
    assert len(bound.finds(HEAD + "# 'lambda.'\n" + role(principal))) == found


@pytest.mark.parametrize(
    ("statement", "denied"),
    [
        ('iam.PolicyStatement(effect=iam.Effect.DENY, not_actions=["s3:*"])', True),
        ('iam.PolicyStatement(effect=iam.Effect.DENY, actions=["iam:*"])', True),
        ("iam.PolicyStatement.from_json({'Effect': 'Deny', 'Action': 'iam:*'})", True),
        ("iam.PolicyStatement.from_json({'Effect': 'Allow', 'Action': ['s3:*']})", False),
        ("iam.PolicyStatement.from_json({**base, 'Effect': 'Allow'})", False),
        ("iam.PolicyStatement.from_json(read())", False),
    ],
)
def test_a_statement_denies_or_not(statement: str, denied: bool) -> None:
    found = bound.finds(HEAD + role() + f"role.add_to_policy({statement})\n")
    assert bool(found) is not denied


def test_a_statement_that_is_read_twice_says_nothing_new() -> None:
    text = (
        'statement = iam.PolicyStatement(actions=["s3:*"])\n'
        "role.add_to_policy(statement)\nrole.add_to_policy(statement)\n"
    )
    (finding,) = bound.finds(HEAD + role() + text)
    assert finding.fix
    assert finding.fix.safety == "safe"


def test_one_principal_in_two_places_is_one() -> None:
    text = f"who = {SERVICE}\n" + role("iam.CompositePrincipal(who, who)")
    (finding,) = bound.finds(HEAD + text)
    assert finding.fix
    assert finding.fix.safety == "safe"


@pytest.mark.parametrize(
    "more", ["add_statements(deny)", "add_statements(*statements)", "validate_for_any_policy()"]
)
def test_what_is_added_to_a_document_later_counts(more: str) -> None:
    text = (
        'deny = iam.PolicyStatement(effect=iam.Effect.DENY, actions=["iam:*"])\n'
        f"document = iam.PolicyDocument()\ndocument.{more}\n"
        'policy = iam.Policy(s, "P", document=document)\nrole.attach_inline_policy(policy)\n'
    )
    assert bool(bound.finds(HEAD + role() + text)) is ("deny" not in more)


def test_the_document_of_a_policy_is_what_the_policy_says() -> None:
    text = (
        'deny = iam.PolicyStatement(effect=iam.Effect.DENY, actions=["iam:*"])\n'
        'policy = iam.Policy(s, "P", statements=[deny])\n'
        'iam.ManagedPolicy(s, "M", document=policy.document, roles=[role])\n'
    )
    assert bound.finds(HEAD + role() + text) == ()


def test_actions_that_are_added_to_a_statement_later_count() -> None:
    text = (
        'statement = iam.PolicyStatement()\nstatement.add_actions("iam:PassRole")\n'
        "statement.add_resources('*')\nrole.add_to_policy(statement)\n"
    )
    (finding,) = bound.finds(HEAD + role() + text)
    assert "It is allowed `iam:PassRole`" in finding.refusal


@pytest.mark.parametrize(
    ("action", "refused"),
    [('f"iam:{verb}"', True), ('f"s3:{verb}"', False), ('f"{service}:*"', False), ('f""', False)],
)
def test_of_an_action_its_fixed_beginning_counts(action: str, refused: bool) -> None:
    text = f"role.add_to_policy(iam.PolicyStatement(actions=[{action}]))\n"
    (finding,) = bound.finds(HEAD + role() + text)
    assert bool(finding.refusal) is refused
