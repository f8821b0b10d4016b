"""What the `grant_*` helpers of the CDK allow, measured by synthesis with aws-cdk-lib 2.275.

Each helper is listed with the statements that it adds to the principal's policy: the actions, and
the resources as suffixes of the resource's ARN. A table's index suffix counts only where the table
has an index. With a customer managed key the helpers of tables, buckets, queues, topics and secrets
add statements about that key, which are not listed. The newer `table.grants.read_data(…)` adds the
same statements as `table.grant_read_data(…)`.
"""

from __future__ import annotations

from dataclasses import dataclass

INDEX = "/index/*"


@dataclass(frozen=True, slots=True)
class Allowed:
    """One statement: actions, and what follows the ARN in each of its resources."""

    actions: tuple[str, ...]
    suffixes: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True)
class Family:
    """The helpers of one kind of resource.

    `classes` are dotted names, `arn` the attribute with the ARN; it is empty where the helpers'
    resources are more than that ARN and suffixes. `widening` are arguments with which the helpers
    add more: a customer managed key, replicas. `helpers` are the statements by the helper's name
    without `grant_`.
    """

    noun: str
    classes: tuple[str, ...]
    arn: str
    widening: tuple[str, ...]
    helpers: dict[str, tuple[Allowed, ...]]

    @property
    def a_noun(self) -> str:
        """The noun with its article."""
        return f"{'an' if self.noun[0] in 'aeiou' else 'a'} {self.noun}"

    def actions(self, helper: str) -> list[str]:
        """Every action that a helper allows."""
        return [action for allowed in self.helpers[helper] for action in allowed.actions]

    @property
    def interfaces(self) -> frozenset[str]:
        """The classes, and the interfaces that type hints name instead."""
        split = (name.rpartition(".") for name in self.classes)
        return frozenset({*self.classes, *(f"{home}.I{last}" for home, _, last in split)})


def _actions(service: str, names: str) -> tuple[str, ...]:
    return tuple(f"{service}:{name}" for name in names.split())


_TABLE = ("", INDEX)
_READ = _actions("dynamodb", "BatchGetItem Query GetItem Scan ConditionCheckItem")
_WRITE = _actions("dynamodb", "BatchWriteItem PutItem UpdateItem DeleteItem")
_DESCRIBE = ("dynamodb:DescribeTable",)
_STREAM = Allowed(_actions("dynamodb", "GetRecords GetShardIterator"), _TABLE)
_GET = _actions("s3", "GetObject* GetBucket* List*")
_PUT = _actions(
    "s3",
    "PutObject PutObjectLegalHold PutObjectRetention PutObjectTagging PutObjectVersionTagging"
    " Abort*",
)
_DELETE = ("s3:DeleteObject*",)
_ENCRYPT = _actions("kms", "Encrypt ReEncrypt* GenerateDataKey*")
_DECRYPT = ("kms:Decrypt",)
_CONSUME = _actions(
    "kinesis",
    "DescribeStreamSummary GetRecords GetShardIterator ListShards SubscribeToShard DescribeStream"
    " ListStreams DescribeStreamConsumer",
)

TABLE = Family(
    "table",
    ("aws_cdk.aws_dynamodb.Table", "aws_cdk.aws_dynamodb.TableV2"),
    "table_arn",
    ("encryption", "encryption_key", "replicas", "replication_regions"),
    {
        "read_data": (Allowed(_READ + _DESCRIBE, _TABLE), _STREAM),
        "write_data": (Allowed(_WRITE + _DESCRIBE, _TABLE),),
        "read_write_data": (Allowed(_READ + _WRITE + _DESCRIBE, _TABLE), _STREAM),
        "full_access": (Allowed(("dynamodb:*",), _TABLE),),
    },
)
BUCKET = Family(
    "bucket",
    ("aws_cdk.aws_s3.Bucket",),
    "bucket_arn",
    ("encryption", "encryption_key"),
    {
        "read": (Allowed(_GET, ("", "/*")),),
        "put": (Allowed(_PUT, ("/*",)),),
        "write": (Allowed(_DELETE + _PUT, ("", "/*")),),
        "read_write": (Allowed(_GET + _DELETE + _PUT, ("", "/*")),),
        "delete": (Allowed(_DELETE, ("/*",)),),
        "put_acl": (Allowed(_actions("s3", "PutObjectAcl PutObjectVersionAcl"), ("/*",)),),
    },
)
QUEUE = Family(
    "queue",
    ("aws_cdk.aws_sqs.Queue",),
    "queue_arn",
    ("encryption", "encryption_master_key"),
    {
        "send_messages": (Allowed(_actions("sqs", "SendMessage GetQueueAttributes GetQueueUrl")),),
        "consume_messages": (
            Allowed(
                _actions(
                    "sqs",
                    "ReceiveMessage ChangeMessageVisibility GetQueueUrl DeleteMessage"
                    " GetQueueAttributes",
                )
            ),
        ),
        "purge": (Allowed(_actions("sqs", "PurgeQueue GetQueueAttributes GetQueueUrl")),),
    },
)
TOPIC = Family(
    "topic",
    ("aws_cdk.aws_sns.Topic",),
    "topic_arn",
    ("master_key",),
    {
        "publish": (Allowed(("sns:Publish",)),),
        "subscribe": (Allowed(("sns:Subscribe",)),),
    },
)
KEY = Family(
    "key",
    ("aws_cdk.aws_kms.Key",),
    "key_arn",
    (),
    {
        "encrypt": (Allowed(_ENCRYPT),),
        "decrypt": (Allowed(_DECRYPT),),
        "encrypt_decrypt": (Allowed(_DECRYPT + _ENCRYPT),),
    },
)
SECRET = Family(
    "secret",
    ("aws_cdk.aws_secretsmanager.Secret",),
    "secret_arn",
    ("encryption_key",),
    {
        "read": (Allowed(_actions("secretsmanager", "GetSecretValue DescribeSecret")),),
        "write": (
            Allowed(
                _actions("secretsmanager", "PutSecretValue UpdateSecret UpdateSecretVersionStage")
            ),
        ),
    },
)
FUNCTION = Family(
    "function",
    (
        "aws_cdk.aws_lambda.Function",
        "aws_cdk.aws_lambda.DockerImageFunction",
        "aws_cdk.aws_lambda_python.PythonFunction",
        "aws_cdk.aws_lambda_python_alpha.PythonFunction",
        "aws_cdk.aws_lambda_nodejs.NodejsFunction",
        "aws_cdk.aws_lambda_go_alpha.GoFunction",
    ),
    "function_arn",
    (),
    {"invoke": (Allowed(("lambda:InvokeFunction",), ("", ":*")),)},
)
STREAM = Family(
    "stream",
    ("aws_cdk.aws_kinesis.Stream",),
    "stream_arn",
    ("encryption", "encryption_key"),
    {
        "read": (Allowed(_CONSUME),),
        "write": (Allowed(_actions("kinesis", "ListShards PutRecord PutRecords")),),
        "read_write": (Allowed(_CONSUME + _actions("kinesis", "PutRecord PutRecords")),),
    },
)
STATE_MACHINE = Family(
    "state machine",
    ("aws_cdk.aws_stepfunctions.StateMachine",),
    "state_machine_arn",
    (),
    {
        "start_execution": (Allowed(("states:StartExecution",)),),
        "start_sync_execution": (Allowed(("states:StartSyncExecution",)),),
        "task_response": (
            Allowed(_actions("states", "SendTaskSuccess SendTaskFailure SendTaskHeartbeat")),
        ),
    },
)
EVENT_BUS = Family(
    "event bus",
    ("aws_cdk.aws_events.EventBus",),
    "event_bus_arn",
    (),
    {"put_events_to": (Allowed(("events:PutEvents",)),)},
)
PARAMETER = Family(
    "parameter",
    ("aws_cdk.aws_ssm.StringParameter", "aws_cdk.aws_ssm.StringListParameter"),
    "",
    (),
    {
        "read": (
            Allowed(
                _actions("ssm", "DescribeParameters GetParameters GetParameter GetParameterHistory")
            ),
        ),
        "write": (Allowed(("ssm:PutParameter",)),),
    },
)
LOG_GROUP = Family(
    "log group",
    ("aws_cdk.aws_logs.LogGroup",),
    "log_group_arn",
    (),
    {"write": (Allowed(_actions("logs", "CreateLogStream PutLogEvents")),)},
)
FAMILIES = (
    *(TABLE, BUCKET, QUEUE, TOPIC, KEY, SECRET, FUNCTION),
    *(STREAM, STATE_MACHINE, EVENT_BUS, PARAMETER, LOG_GROUP),
)

HELPERS = frozenset(name for family in FAMILIES for name in family.helpers)
"""The names of all helpers listed here; none of them allows an action of IAM."""

HARMLESS = frozenset(
    {
        *("all_put_events", "connect", "data_api_access", "manage_connections", "pull"),
        *("pull_push", "push", "root_access", "stream_read", "table_list_streams"),
    }
)
"""Further helpers whose actions are not listed here; none allows one of IAM, measured as well."""

PASSES_ROLES = frozenset({"pass_role", "run"})
"""The helpers of the CDK that allow `iam:PassRole`: those of `Role` and of `TaskDefinition`."""


def helper(method: str, *, grants: bool) -> str:
    """The helper's name that a method's name stands for, empty where it is none.

    `grants` says that the method is one of a `.grants` object, whose names have no prefix.
    """
    if grants:
        return method
    return method.removeprefix("grant_") if method.startswith("grant_") else ""
