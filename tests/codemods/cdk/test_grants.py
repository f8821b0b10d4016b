from __future__ import annotations

import textwrap

from codemods.cdk.grants import HARMLESS, HELPERS, PASSES_ROLES
from tests.synthesis import Bench, Template

STACK = """
from aws_cdk import Stack, aws_apigatewayv2 as apigateway, aws_dynamodb as dynamodb, aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr, aws_efs as efs, aws_events as events, aws_iam as iam
from aws_cdk import aws_rds as rds


class Payments(Stack):
    def __init__(self, scope, construct_id, **kwargs):
        super().__init__(scope, construct_id, **kwargs)
        vpc = ec2.Vpc(self, "Vpc", max_azs=2)
        postgres = rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_16)
        aurora = rds.DatabaseClusterEngine.aurora_postgres(
            version=rds.AuroraPostgresEngineVersion.VER_16_4
        )
        cluster = rds.DatabaseCluster(
            self,
            "Cluster",
            engine=aurora,
            vpc=vpc,
            writer=rds.ClusterInstance.serverless_v2("Writer"),
            enable_data_api=True,
        )
        database = rds.DatabaseInstance(self, "Database", engine=postgres, vpc=vpc)
        table = dynamodb.Table(
            self,
            "Table",
            partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING),
            stream=dynamodb.StreamViewType.NEW_IMAGE,
        )
        repository = ecr.Repository(self, "Repository")
        socket = apigateway.WebSocketApi(self, "Socket")
        files = efs.FileSystem(self, "Files", vpc=vpc)
"""
CALLS = {
    "all_put_events": "events.EventBus.grant_all_put_events({role})",
    "connect": 'database.grant_connect({role}, "reader")',
    "data_api_access": "cluster.grant_data_api_access({role})",
    "manage_connections": "socket.grant_manage_connections({role})",
    "pull": "repository.grant_pull({role})",
    "pull_push": "repository.grant_pull_push({role})",
    "push": "repository.grant_push({role})",
    "root_access": "files.grant_root_access({role})",
    "stream_read": "table.grant_stream_read({role})",
    "table_list_streams": "table.grant_table_list_streams({role})",
}


def services(template: Template) -> dict[str, set[str]]:
    """The services whose actions each role is allowed, by the start of the role's id."""
    found: dict[str, set[str]] = {}
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::IAM::Policy":
            for statement in resource["Properties"]["PolicyDocument"]["Statement"]:
                actions = statement["Action"]
                listed = [actions] if isinstance(actions, str) else actions
                owner = name.partition("DefaultPolicy")[0]
                found.setdefault(owner, set()).update(each.partition(":")[0] for each in listed)
    return found


def test_harmless_helpers_allow_no_action_that_is_denied(bench: Bench) -> None:
    assert set(CALLS) == HARMLESS
    principal = 'iam.ServicePrincipal("lambda.amazonaws.com")'
    lines = [
        CALLS[helper].format(role=f'iam.Role(self, "Role{number}", assumed_by={principal})')
        for number, helper in enumerate(sorted(CALLS))
    ]
    source = STACK + textwrap.indent("\n".join(lines), " " * 8) + "\n"
    allowed = services(bench.stacks(source)["Payments"])
    for number, helper in enumerate(sorted(CALLS)):
        given = allowed[f"Role{number}"]
        assert given, helper
        assert given.isdisjoint({"iam", "organizations", "account", "sts", "*"}), helper


def test_no_helper_is_in_two_tables() -> None:
    assert HARMLESS.isdisjoint(HELPERS | PASSES_ROLES)
    assert PASSES_ROLES.isdisjoint(HELPERS)
