"""The payment stack: network, compute, transactions table, audit bucket and ledger database."""

from aws_cdk import (
    Duration,
    RemovalPolicy,
    Stack,
    Tags,
    aws_dynamodb as dynamodb,
    aws_ec2 as ec2,
    aws_iam as iam,
    aws_lambda as lambda_,
    aws_logs as logs,
    aws_rds as rds,
    aws_s3 as s3,
)
from constructs import Construct

AUTHORIZE = """
import json


def handler(event, context):
    payment = json.loads(event["body"])
    approved = 0 < payment["amount"] <= 10_000
    return {"statusCode": 200, "body": json.dumps({"approved": approved})}
"""

SETTLE = """
def handler(event, context):
    return {"settled": [record["eventID"] for record in event.get("Records", [])]}
"""

REFUND = """
def handler(event, context):
    return {"refunded": event["payment_id"]}
"""


class PaymentStack(Stack):
    """Everything that takes, settles and refunds a payment."""

    def __init__(
        self, scope: Construct, construct_id: str, *, environment_suffix: str, **kwargs
    ) -> None:
        super().__init__(scope, construct_id, **kwargs)
        self.environment_suffix = environment_suffix

        self.create_network()
        self.create_storage()
        self.create_database()
        self.create_compute()

        Tags.of(self).add("service", "payments")

    def create_network(self) -> None:
        """A VPC over three availability zones: public, private and isolated subnets."""
        self.vpc = ec2.Vpc(
            self,
            f"PaymentVpc-{self.environment_suffix}",
            max_azs=3,
            nat_gateways=1,  # Single NAT gateway for cost optimization
            subnet_configuration=[
                ec2.SubnetConfiguration(
                    name="Public", subnet_type=ec2.SubnetType.PUBLIC, cidr_mask=24
                ),
                ec2.SubnetConfiguration(
                    name="Private", subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS, cidr_mask=24
                ),
                ec2.SubnetConfiguration(
                    name="Database", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=28
                ),
            ],
        )
        self.vpc.add_gateway_endpoint(
            "DynamoDbEndpoint", service=ec2.GatewayVpcEndpointAwsService.DYNAMODB
        )
        self.lambda_security_group = ec2.SecurityGroup(
            self,
            "LambdaSecurityGroup",
            vpc=self.vpc,
            description="Payment functions",
            allow_all_outbound=True,
        )

    def create_storage(self) -> None:
        """The transactions table and the bucket that auditors read."""
        self.transactions_table = dynamodb.Table(
            self,
            "TransactionsTable",
            partition_key=dynamodb.Attribute(
                name="transaction_id", type=dynamodb.AttributeType.STRING
            ),
            sort_key=dynamodb.Attribute(name="created_at", type=dynamodb.AttributeType.NUMBER),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            removal_policy=RemovalPolicy.RETAIN,
        )
        self.audit_bucket = s3.Bucket(
            self,
            "AuditLogsBucket",
            bucket_name=f"payment-audit-logs-{self.environment_suffix}",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            versioned=True,
            lifecycle_rules=[
                s3.LifecycleRule(
                    transitions=[
                        s3.Transition(
                            storage_class=s3.StorageClass.GLACIER,
                            transition_after=Duration.days(90),
                        )
                    ]
                )
            ],
        )

    def create_database(self) -> None:
        """The ledger: PostgreSQL in the isolated subnets, with a standby in a second zone."""
        self.database = rds.DatabaseInstance(
            self,
            "LedgerDatabase",
            engine=rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_15),
            instance_type=ec2.InstanceType.of(ec2.InstanceClass.R6G, ec2.InstanceSize.LARGE),
            vpc=self.vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
            credentials=rds.Credentials.from_generated_secret("ledger"),
            database_name="ledger",
            multi_az=True,
            storage_encrypted=True,
            backup_retention=Duration.days(35),
            deletion_protection=True,
        )
        self.database.connections.allow_default_port_from(self.lambda_security_group)

    def create_compute(self) -> None:
        """Three functions that authorize, settle and refund, under one execution role."""
        lambda_role = iam.Role(
            self,
            f"LambdaExecutionRole-{self.environment_suffix}",
            role_name=f"payment-lambda-role-{self.environment_suffix}",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            managed_policies=[
                iam.ManagedPolicy.from_aws_managed_policy_name(
                    "service-role/AWSLambdaVPCAccessExecutionRole"
                )
            ],
        )

        self.authorize = lambda_.Function(
            self,
            "AuthorizeFunction",
            runtime=lambda_.Runtime.PYTHON_3_12,
            handler="index.handler",
            code=lambda_.Code.from_inline(AUTHORIZE),
            role=lambda_role,
            vpc=self.vpc,
            security_groups=[self.lambda_security_group],
            timeout=Duration.seconds(10),
            reserved_concurrent_executions=10,
            environment={"TRANSACTIONS_TABLE": self.transactions_table.table_name},
            log_group=self.log_group("Authorize"),
        )
        self.settle = lambda_.Function(
            self,
            "SettleFunction",
            runtime=lambda_.Runtime.PYTHON_3_12,
            handler="index.handler",
            code=lambda_.Code.from_inline(SETTLE),
            role=lambda_role,
            vpc=self.vpc,
            security_groups=[self.lambda_security_group],
            timeout=Duration.minutes(1),
            reserved_concurrent_executions=10,
            environment={
                "TRANSACTIONS_TABLE": self.transactions_table.table_name,
                "AUDIT_BUCKET": self.audit_bucket.bucket_name,
            },
            log_group=self.log_group("Settle"),
        )
        self.refund = lambda_.Function(
            self,
            "RefundFunction",
            runtime=lambda_.Runtime.PYTHON_3_12,
            handler="index.handler",
            code=lambda_.Code.from_inline(REFUND),
            role=lambda_role,
            vpc=self.vpc,
            security_groups=[self.lambda_security_group],
            timeout=Duration.seconds(30),
            reserved_concurrent_executions=10,
            environment={"TRANSACTIONS_TABLE": self.transactions_table.table_name},
            log_group=self.log_group("Refund"),
        )

        self.transactions_table.grant_read_write_data(lambda_role)
        self.audit_bucket.grant_put(lambda_role)

    def log_group(self, name: str) -> logs.LogGroup:
        """A year of logs for one function."""
        return logs.LogGroup(self, f"{name}Logs", retention=logs.RetentionDays.ONE_YEAR)
