"""queue-without-enforced-tls: an SQS queue that takes messages over plain HTTP."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods.code.module import Module
from codemods.rewriting.appending import AddArgument
from codemods.rule import Discovery, Level, Plan, Rule, Safety


class QueueWithoutEnforcedTls(Rule):
    """Allow a queue to be used without TLS.

    ## Why
    Our auditors want a policy on every queue that denies requests without TLS.

    ## Before
        from aws_cdk import Stack, aws_sqs as sqs
        from constructs import Construct


        class OrderStack(Stack):
            def __init__(self, scope: Construct, construct_id: str) -> None:
                super().__init__(scope, construct_id)
                sqs.Queue(self, "Orders")

    ## After
        from aws_cdk import Stack, aws_sqs as sqs
        from constructs import Construct


        class OrderStack(Stack):
            def __init__(self, scope: Construct, construct_id: str) -> None:
                super().__init__(scope, construct_id)
                sqs.Queue(self, "Orders", enforce_ssl=True)

    ## Fix safety
    Safe where the queue is new. A deployed one begins to refuse whoever talks to it over plain HTTP.

    ## Not reported
    A queue that sets `enforce_ssl` to anything, or whose arguments are unpacked.

    ## Left alone
    Nothing.
    """

    level = Level.MEDIUM
    documentation = (
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
        "sqs-security-best-practices.html"
    )
    names = frozenset({"Queue"})
    changes = ("AWS::SQS::QueuePolicy",)
    deployed = "The queue is deployed: it will refuse whoever talks to it without TLS."

    def check(self, reference: ast.expr, module: Module) -> Iterator[Discovery]:
        """See `Rule.check`."""
        call = module.call_of(reference)
        if call is None or not module.names.means(reference, "aws_cdk.aws_sqs.Queue"):
            return
        passed = [keyword.arg for keyword in call.keywords]
        if "enforce_ssl" in passed or None in passed:
            return
        yield Discovery(
            call,
            call,
            "The queue takes messages over plain HTTP.",
            Plan(
                title="Refuse requests without TLS",
                safety=Safety.UNSAFE,
                reason="Whoever uses the queue over plain HTTP is refused.",
                rewrites=(AddArgument(call, "enforce_ssl", "True"),),
                changes=self.changes,
            ),
        )
