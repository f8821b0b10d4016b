"""Stacks that tests of several modules write their cases into."""

from __future__ import annotations

from codemods import Finding
from tests.codemods.rules.verbs import Source, Verbs

CDK_VERSION = "2.275.0"

_FUNCTION = """
from aws_cdk import Stack, aws_lambda as lambda_

class PaymentStack(Stack):
    def __init__(self, scope, construct_id, **kwargs):
        super().__init__(scope, construct_id, **kwargs)
        lambda_.Function(self, "Processor", {arguments})
"""
_BUCKET = """
from aws_cdk import Stack, RemovalPolicy, aws_dynamodb, aws_logs, aws_s3 as s3

class AuditStack(Stack):
    def __init__(self, scope, construct_id, suffix="dev", **kwargs):
        super().__init__(scope, construct_id, **kwargs)
        s3.Bucket(self, "AuditLogs", {arguments})
"""
_DATABASE = """
from aws_cdk import Stack, aws_rds as rds

class DatabaseStack(Stack):
    def __init__(self, scope, construct_id, **kwargs):
        super().__init__(scope, construct_id, **kwargs)
        rds.DatabaseInstance(
            self,
            "Payments",
            engine=rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.{version}),
        )
"""
SWITCH = 'str({node}.try_get_context("use_reserved_concurrency")).lower() == "true"'


def function_stack(arguments: str) -> str:
    """A stack with a Lambda function that has these arguments besides scope and id."""
    return _FUNCTION.format(arguments=arguments)


def bucket_stack(arguments: str) -> str:
    """A stack with a bucket that has these arguments besides scope and id."""
    return _BUCKET.replace("{arguments}", arguments)


def switched(value: str, node: str = "self.node") -> str:
    """A reservation behind the context, on one line."""
    return f"{value} if {SWITCH.format(node=node)} else None"


def database_stack(version: str) -> str:
    """A stack with a PostgreSQL database of this member of `PostgresEngineVersion`."""
    return _DATABASE.replace("{version}", version)


def version_found(code: Source, cdk_version: str | None = CDK_VERSION, **targets: str) -> Finding:
    """The one finding about an engine version."""
    rule = Verbs("unpinned-engine-version", {"targets": targets}, cdk_version=cdk_version)
    (finding,) = rule.finds(code)
    return finding
