#!/usr/bin/env python3
"""The payment platform's CDK app."""

import aws_cdk as cdk

from payment_stack.payment_stack import PaymentStack

app = cdk.App()
environment_suffix = app.node.try_get_context("environment_suffix") or "prod"

PaymentStack(
    app,
    f"PaymentStack-{environment_suffix}",
    environment_suffix=environment_suffix,
    env=cdk.Environment(account="111122223333", region="us-east-1"),
    description="Payment processing: network, transactions, audit trail and ledger database",
)

app.synth()
