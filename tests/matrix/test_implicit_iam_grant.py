"""What `implicit-iam-grant` changes in a template: never a permission."""

import dataclasses
import json
from collections import Counter
from typing import Any

import pytest

from tests.matrix.forms import Form
from tests.matrix.proof import Pair, prove, spare, unused
from tests.synthesis import Bench

RULE = "implicit-iam-grant"
POLICY = ("AWS::IAM::Policy.PolicyDocument",)  # two statements become one, a list of one its item
TABLE = """
table = dynamodb.{kind}(
    SCOPE,
    "Table",
    partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING),{more}
)
"""
INDEX = """
table.add_global_secondary_index(
    index_name="index",
    partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING),
)
"""
ROLE = """
role = iam.Role(SCOPE, "Role", assumed_by=iam.ServicePrincipal("states.amazonaws.com"))
"""
FUNCTION = """
{name} = lambda_.Function(
    SCOPE,
    "{name}",
    runtime=lambda_.Runtime.PYTHON_3_12,
    handler="index.handler",
    code=lambda_.Code.from_inline("def handler(event, context): ..."),
)
"""


def to_role(made: str, grant: str, changes: tuple[str, ...] = ()) -> Form:
    return Form(made + ROLE + grant, changes)


def table(grant: str, changes: tuple[str, ...] = (), kind: str = "Table", more: str = "") -> Form:
    return to_role(TABLE.format(kind=kind, more=""), f"{more}\ntable.{grant}(role)", changes)


FORMS = {
    "writing to a table": table("grant_write_data", POLICY),
    "reading from a table": table("grant_read_data", POLICY),
    "reading and writing, with an index": table("grant_read_write_data", POLICY, more=INDEX),
    "everything with a table": table("grant_full_access", POLICY),
    "the newer interface": table("grants.write_data", POLICY),
    "a table of the second kind": table("grant_read_data", POLICY, "TableV2"),
    "policies are minimized": dataclasses.replace(
        table("grant_read_data"), context={"@aws-cdk/aws-iam:minimizePolicies": True}
    ),
    "reading from a bucket": to_role('b = s3.Bucket(SCOPE, "B")', "b.grant_read(role)"),
    "writing to a bucket": to_role('b = s3.Bucket(SCOPE, "B")', "b.grant_write(role)"),
    "sending to a queue": to_role('q = sqs.Queue(SCOPE, "Q")', "q.grant_send_messages(role)"),
    "a topic": to_role('t = sns.Topic(SCOPE, "T")', "t.grant_publish(role)"),
    "a key": to_role('k = kms.Key(SCOPE, "K")', "k.grant_encrypt_decrypt(role)"),
    "a secret": to_role('s = secretsmanager.Secret(SCOPE, "S")', "s.grant_read(role)"),
    "invoking a function": to_role(FUNCTION.format(name="fn"), "fn.grant_invoke(role)"),
    "to a function": Form(
        FUNCTION.format(name="fn") + 'q = sqs.Queue(SCOPE, "Q")\nq.grant_consume_messages(fn)'
    ),
}
LEFT = {
    "a statement": Form(
        ROLE
        + 'role.add_to_policy(iam.PolicyStatement(actions=["sqs:SendMessage"], resources=["*"]))',
        expected="",
    ),
    "its result is used": Form(
        'q = sqs.Queue(SCOPE, "Q")' + ROLE + "granted = q.grant_purge(role)", expected="result"
    ),
    "a key of its own": Form(
        'k = kms.Key(SCOPE, "K")\nb = s3.Bucket(SCOPE, "B", encryption_key=k)'
        + ROLE
        + "b.grant_read(role)",
        expected="key",
    ),
    "an imported bucket": Form(
        's = s3.Bucket.from_bucket_name(SCOPE, "B", "logs")' + ROLE + "s.grant_read(role)",
        expected="not made in this file",
    ),
    "a user": Form(
        'q = sqs.Queue(SCOPE, "Q")\nuser = iam.User(SCOPE, "U")\nq.grant_purge(user)',
        expected="no role or function",
    ),
}


def permissions(resources: Any) -> Counter[tuple[str, str, str, str]]:
    """Whose policy has which effect on which action and resource."""
    return Counter(
        (json.dumps(policy["Roles"]), statement["Effect"], action, json.dumps(target))
        for policy in (it["Properties"] for it in resources.values() if _is_policy(it))
        for statement in policy["PolicyDocument"]["Statement"]
        for action in _listed(statement["Action"])
        for target in _listed(statement["Resource"])
    )


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_the_permissions_stay_the_same(bench: Bench, form: str) -> None:
    def then(pair: Pair) -> None:
        assert permissions(pair.before)
        assert permissions(pair.before) == permissions(pair.after)

    prove(bench, RULE, FORMS, form, then)


@pytest.mark.slow
@pytest.mark.parametrize("form", LEFT)
def test_what_is_right_or_refused_stays(bench: Bench, form: str) -> None:
    spare(bench, RULE, LEFT, form)


def test_the_rule_declares_nothing_that_no_form_changes() -> None:
    assert unused(RULE, FORMS) == set()


def _is_policy(resource: Any) -> bool:
    return bool(resource["Type"] == "AWS::IAM::Policy")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
