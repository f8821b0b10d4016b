from __future__ import annotations

import json
import textwrap
from collections import Counter
from typing import Any

import pytest

from codemods import Policy, Safety, analyse, fix
from codemods.cdk.grants import FAMILIES
from tests.codemods.rules.verbs import Verbs, verbs
from tests.synthesis import Bench, Template

rewrites, leaves, reports = verbs("implicit-iam-grant")
bound = Verbs("implicit-iam-grant")
BY_NAME = Policy(select=frozenset({"implicit-iam-grant"}))

HEAD = """\
from aws_cdk import aws_dynamodb as dynamodb, aws_iam as iam, aws_lambda as lambda_, aws_s3 as s3
from aws_cdk import aws_sns as sns, aws_sqs as sqs
table = dynamodb.Table(self, "T", partition_key=key)
bucket = s3.Bucket(self, "B")
topic = sns.Topic(self, "N")
role = iam.Role(self, "R", assumed_by=who)
function = lambda_.Function(self, "F", code=code)
"""
PUBLISH = """\
{target}(iam.PolicyStatement(
    effect=iam.Effect.ALLOW,
    actions=["sns:Publish"],
    resources=[topic.topic_arn],
))
"""


@pytest.mark.parametrize(
    ("grant", "target"),
    [
        ("topic.grant_publish(role)", "role.add_to_principal_policy"),
        ("topic.grant_publish(grantee=role)", "role.add_to_principal_policy"),
        ("topic.grants.publish(role)", "role.add_to_principal_policy"),
        ("topic.grant_publish(function)", "function.add_to_role_policy"),
    ],
)
def test_it_writes_the_statement_in_place_of_the_helper(grant: str, target: str) -> None:
    rewrites(HEAD + grant + "\n", HEAD + PUBLISH.format(target=target))


@pytest.mark.parametrize(
    "body",
    [
        'return sns.Topic(self, "N")',
        'made = sns.Topic(self, "N")\n        made.add_subscription(x)\n        return made',
    ],
)
def test_it_looks_into_a_method_that_makes_the_resource(body: str) -> None:
    code = (
        "from aws_cdk import aws_iam as iam, aws_sns as sns\nclass S:\n    def f(self):\n"
        "        topic = self.make()\n        role = self.role()\n        GRANT\n"
        f"    def make(self):\n        {body}\n"
        '    def role(self):\n        return iam.Role(self, "R", assumed_by=who)\n'
    )
    statement = PUBLISH.format(target="role.add_to_principal_policy").strip()
    after = textwrap.indent(statement, " " * 8).strip()
    rewrites(code.replace("GRANT", "topic.grant_publish(role)"), code.replace("GRANT", after))


@pytest.mark.parametrize(
    "body",
    [
        "return dynamodb.Table(s, 'T', global_secondary_indexes=[i])",
        "t = dynamodb.Table(s, 'T')\n    t.add_global_secondary_index(i)\n    return t",
    ],
)
def test_it_sees_the_index_of_a_table_that_a_function_makes(body: str) -> None:
    code = f"def make():\n    {body}\nx = make()\nx.grant_write_data(role)\n"
    source = (HEAD + code).encode()
    assert b'f"{x.table_arn}/index/*"' in fix(source, "stack.py", BY_NAME, unsafe=True).source


@pytest.mark.parametrize("body", ["return a if x else b", "pass", "return given"])
def test_it_reports_what_a_method_of_this_file_may_or_may_not_make(body: str) -> None:
    code = f"a, b = sns.Topic(s, 'A'), sns.Topic(s, 'B')\ndef make():\n    {body}\nt = make()\n"
    reports(f"{HEAD}{code}t.grant_publish(role)\n", "`t` is not made in this file")


def test_it_lists_every_action_and_keeps_the_comment() -> None:
    rewrites(
        HEAD + "if x:\n  bucket.grant_put(role)  # uploads\n",
        HEAD
        + textwrap.dedent("""\
        if x:
          role.add_to_principal_policy(iam.PolicyStatement(
            effect=iam.Effect.ALLOW,
            actions=[
              "s3:PutObject",
              "s3:PutObjectLegalHold",
              "s3:PutObjectRetention",
              "s3:PutObjectTagging",
              "s3:PutObjectVersionTagging",
              "s3:Abort*",
            ],
            resources=[f"{bucket.bucket_arn}/*"],
          ))  # uploads
        """),
    )


def test_it_names_the_indexes_of_a_table_that_has_one() -> None:
    index = "table.add_global_secondary_index(index_name='i', partition_key=key)\n"
    (finding,) = bound.finds(HEAD + index + "table.grant_full_access(role)\n")
    assert finding.fix is not None
    (edit,) = finding.fix.edits
    assert 'resources=[table.table_arn, f"{table.table_arn}/index/*"],' in edit.replacement


def test_it_imports_what_the_statement_needs() -> None:
    body = (
        "topic = Topic(self, 'N')\nrole = Role(self, 'R', assumed_by=who)\n{}"
        "from_here = topic.topic_arn\n"
    )
    head = "from aws_cdk.aws_sns import Topic\nfrom aws_cdk.aws_iam import Role{}\n"
    statement = PUBLISH.replace("iam.", "").replace('"', "'")
    rewrites(
        head.format("") + body.format("topic.grant_publish(role)\n"),
        head.format(", Effect, PolicyStatement")
        + body.format(statement.format(target="role.add_to_principal_policy")),
    )


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("grant = topic.grant_publish(role)", "result"),
        ("topic.grant_publish(role).apply_before(x)", "result"),
        ("x = 1; topic.grant_publish(role)", "shares its line"),
        ("bucket.grant_read(role, 'in/*')", "more than the principal"),
        ("topic.grant_publish(*roles)", "more than the principal"),
        ("topic.grant_publish(roles[0])", "plain name"),
        ("make().grant_publish(role)", "plain name"),
        ("given.grant_publish(role)", "`given` is not made in this file"),
        ("t = sns.Topic.from_topic_arn(self, 'I', arn)\nt.grant_publish(role)", "not made"),
        ("topic.grant_publish(user)", "`user` is no role or function"),
        ("r = iam.Role.from_role_arn(self, 'I', arn)\ntopic.grant_publish(r)", "no role"),
        ("f = lambda_.Function(self, 'G', role=given)\ntopic.grant_publish(f)", "no role"),
        ("k = sns.Topic(self, 'K', master_key=key)\nk.grant_publish(role)", "key"),
        ("k = s3.Bucket(self, 'K', encryption=s3.BucketEncryption.KMS)\nk.grant_put(role)", "key"),
        ("k = s3.Bucket(self, 'K', **more)\nk.grant_put(role)", "hidden arguments"),
        (
            "def f(t):\n    return t\nmine(table)\nself.x.t = table\ntable.grant_read_data(role)",
            "leaves",
        ),
    ],
)
def test_it_reports_what_it_cannot_write_out(code: str, reason: str) -> None:
    finding = reports(HEAD + code + "\n", reason)
    assert finding.on_request


def test_it_reports_code_for_version_1() -> None:
    reports(HEAD + "from aws_cdk import core\ntopic.grant_publish(role)\n", "Version 1")


def test_it_reports_a_grant_with_a_comment_inside() -> None:
    reports(HEAD + "topic.grant_publish(\n    role  # who\n)\n", "comment")


@pytest.mark.parametrize(
    "encryption",
    ["s3.BucketEncryption.S3_MANAGED", "s3.BucketEncryption.UNENCRYPTED", "None"],
)
def test_encryption_without_a_key_of_its_own_is_no_reason(encryption: str) -> None:
    code = f"b = s3.Bucket(self, 'K', encryption={encryption})\nb.grant_read(role)\n"
    (finding,) = bound.finds(HEAD + code)
    assert finding.fix is not None


@pytest.mark.parametrize(
    "code",
    [
        "bucket.grant_nothing(role)",
        "role.add_to_policy(iam.PolicyStatement(actions=['s3:*']))",
        "table.grants",
        "class Mine:\n    def grant_read(self, who): ...\nmine = Mine()\nmine.grant_read(role)",
        "def f(self):\n    table.grant_read(role)",
        "grant_read(role)",
        "bucket.grant_read()",
    ],
)
def test_it_leaves_what_is_no_helper_of_the_cdk(code: str) -> None:
    leaves(HEAD + code + "\n")


def test_it_names_the_actions_of_each_resource_that_it_may_be() -> None:
    (finding,) = bound.finds(HEAD + "given.grant_write(role)\n")
    assert "of a secret: secretsmanager:PutSecretValue, " in finding.message
    assert "of a bucket: s3:DeleteObject*, " in finding.message


@pytest.mark.parametrize("hint", ["sqs.IQueue", "sqs.Queue"])
def test_it_believes_the_annotation_of_a_parameter(hint: str) -> None:
    code = f"def allow(queue: {hint}):\n    queue.grant_purge(role)\n"
    (finding,) = bound.finds(HEAD + code)
    assert "without naming them: sqs:PurgeQueue, " in finding.message


def test_it_is_fixed_only_where_it_is_asked_for_by_name() -> None:
    source = (HEAD + "topic.grant_publish(role)\n").encode()
    assert fix(source, "stack.py", unsafe=True).source == source
    assert fix(source, "stack.py", BY_NAME).source == source
    fixed = fix(source, "stack.py", BY_NAME, unsafe=True)
    assert fixed.source != source
    assert fixed.applied[0].fix is not None
    assert fixed.applied[0].fix.safety is Safety.UNSAFE


# What CloudFormation gets

MADE = {
    "table": "dynamodb.{kind}(self, '{id}', partition_key=KEY)",
    "bucket": "s3.Bucket(self, '{id}', encryption=s3.BucketEncryption.S3_MANAGED)",
    "queue": "sqs.Queue(self, '{id}', encryption=sqs.QueueEncryption.SQS_MANAGED)",
    "topic": "sns.Topic(self, '{id}')",
    "key": "kms.Key(self, '{id}')",
    "secret": "sm.Secret(self, '{id}')",
    "function": "function(self, '{id}')",
    "stream": "kinesis.Stream(self, '{id}', encryption=kinesis.StreamEncryption.UNENCRYPTED)",
    "state machine": "machine(self, '{id}')",
    "event bus": "events.EventBus(self, '{id}')",
    "log group": "logs.LogGroup(self, '{id}')",
}
STACK = """
from aws_cdk import Stack, aws_dynamodb as dynamodb, aws_events as events, aws_iam as iam
from aws_cdk import aws_kinesis as kinesis, aws_kms as kms, aws_lambda as lambda_, aws_logs as logs
from aws_cdk import aws_s3 as s3, aws_secretsmanager as sm, aws_sns as sns, aws_sqs as sqs
from aws_cdk import aws_ssm as ssm, aws_stepfunctions as sfn

KEY = dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING)


class Payments(Stack):
    def __init__(self, scope, construct_id, **kwargs):
        super().__init__(scope, construct_id, **kwargs)
"""
FUNCTION = (
    "lambda_.Function(self, '{id}', runtime=lambda_.Runtime.PYTHON_3_12, "
    "handler='index.handler', code=lambda_.Code.from_inline('x = 1'))"
)
MACHINE = (
    "sfn.StateMachine(self, '{id}', "
    "definition_body=sfn.DefinitionBody.from_chainable(sfn.Pass(self, '{id}Pass')))"
)


def permissions(template: Template) -> Counter[tuple[str, str, str, str]]:
    """Whose policy has which effect on which action and resource."""
    found: Counter[tuple[str, str, str, str]] = Counter()
    for resource in template["Resources"].values():
        if resource["Type"] != "AWS::IAM::Policy":
            continue
        who = json.dumps(resource["Properties"]["Roles"])
        for statement in resource["Properties"]["PolicyDocument"]["Statement"]:
            for action in listed(statement["Action"]):
                for target in listed(statement["Resource"]):
                    found[who, statement["Effect"], action, json.dumps(target)] += 1
    return found


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def every_grant() -> str:
    """A stack with each helper of each family, for a role and for a function."""
    lines = []
    for number, family in enumerate(family for family in FAMILIES if family.arn):
        made = MADE[family.noun]
        made = {"function": FUNCTION, "state machine": MACHINE}.get(family.noun, made)
        for kind in ("Table", "TableV2") if family.noun == "table" else ("",):
            name = f"x{number}{kind.lower()}"
            lines.append(f"{name} = {made.format(kind=kind, id=name)}")
            for index, helper in enumerate(family.helpers):
                who = f"{name}_{index}"
                principal = "iam.ServicePrincipal('states.amazonaws.com')"
                lines += [
                    f"{who} = iam.Role(self, '{who}Role', assumed_by={principal})",
                    f"{who}f = {FUNCTION.format(id=who + 'Function')}",
                    f"{name}.grant_{helper}({who})",
                    f"{name}.grant_{helper}({who}f)",
                ]
    lines += [
        "indexed = dynamodb.Table(self, 'Indexed', partition_key=KEY)",
        "indexed.grant_read_write_data(x0table_0)",
        "indexed.add_global_secondary_index(index_name='i', partition_key=KEY)",
        "indexed.grants.read_data(x0table_1)",
    ]
    return STACK + textwrap.indent("\n".join(lines), " " * 8) + "\n"


def test_the_statements_allow_exactly_what_every_helper_allows(bench: Bench) -> None:
    before = every_grant()
    after = fix(before.encode(), "stack.py", BY_NAME, unsafe=True).source.decode()
    assert ".grant_" not in after
    assert ".grants." not in after
    one, two = (bench.stacks(source)["Payments"] for source in (before, after))
    assert permissions(one)
    assert permissions(one) == permissions(two)
    others = [
        {name: item for name, item in each["Resources"].items() if "Policy" not in item["Type"]}
        for each in (one, two)
    ]
    assert others[0] == others[1]


def test_the_measured_lists_are_those_of_a_parameter_too(bench: Bench) -> None:
    body = "p = ssm.StringParameter(self, 'P', string_value='x')\n"
    body += "role = iam.Role(self, 'R', assumed_by=iam.ServicePrincipal('ec2.amazonaws.com'))\n"
    body += "p.grant_read(role)\np.grant_write(role)\n"
    source = STACK + textwrap.indent(body, " " * 8)
    granted = {action for _, _, action, _ in permissions(bench.stacks(source)["Payments"])}
    messages = [finding.message for finding in analyse(source.encode(), "stack.py").findings]
    assert {
        word.strip(",.") for text in messages for word in text.split() if "ssm:" in word
    } == granted


def test_a_name_that_is_taken_keeps_the_statement_out() -> None:
    reports(
        "from aws_cdk.aws_sns import Topic\nfrom aws_cdk.aws_iam import Role\n"
        "PolicyStatement = iam = aws_iam = 1\n"
        "topic = Topic(self, 'N')\nrole = Role(self, 'R', assumed_by=who)\n"
        "topic.grant_publish(role)\n",
        "cannot be imported",
    )


def test_an_index_that_the_table_is_made_with_is_granted_on() -> None:
    (finding,) = bound.finds(
        HEAD.replace("key)", "key, global_secondary_indexes=[index])", 1)
        + "table.grant_read_data(role)\n"
    )
    assert finding.fix, finding.refusal
    assert "/index/*" in "".join(edit.replacement for edit in finding.fix.edits)
