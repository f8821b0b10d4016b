"""Which modules of the CDK have a name: what one of several star imports may have brought.

Every module of aws-cdk-lib 2.275.0 was asked that lists the name in its `__all__`.
"""

HOMES = {
    "aws_cdk": ("Aws", "NestedStack", "PermissionsBoundary", "RemovalPolicy", "Stack"),
    "aws_cdk.aws_batch": ("Secret",),
    "aws_cdk.aws_bedrockagentcore": ("Policy", "PolicyStatement"),
    "aws_cdk.aws_cloudfront": ("Function",),
    "aws_cdk.aws_dynamodb": ("Table", "TableV2"),
    "aws_cdk.aws_ecs": ("Secret",),
    "aws_cdk.aws_iam": (
        *("CompositePrincipal", "Effect", "Grant", "ManagedPolicy", "PermissionsBoundary"),
        *("Policy", "PolicyDocument", "PolicyStatement", "PrincipalWithConditions", "Role"),
        "ServicePrincipal",
    ),
    "aws_cdk.aws_kinesis": ("Stream",),
    "aws_cdk.aws_kms": ("Key",),
    "aws_cdk.aws_lambda": ("DockerImageFunction", "Function", "SingletonFunction"),
    "aws_cdk.aws_s3": ("Bucket",),
    "aws_cdk.aws_secretsmanager": ("Secret",),
    "aws_cdk.aws_sns": ("Policy", "Topic"),
    "aws_cdk.aws_sqs": ("Queue",),
    "aws_cdk.aws_ssm": ("StringParameter",),
}
"""By module, those of its names that the rules ask about."""
