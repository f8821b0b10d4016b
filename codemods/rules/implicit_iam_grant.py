"""implicit-iam-grant: a grant helper where auditors want to read the actions."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator, Mapping

from codemods.cdk.grant_calls import GrantCall
from codemods.cdk.grants import HELPERS, Family
from codemods.cdk.statements import nested, statement
from codemods.code.imports import members
from codemods.code.module import Module
from codemods.rewriting.kinds import Later, ReplaceStatement
from codemods.rule import Discovery, Level, Plan, Rewrite, Rule, Safety


class ImplicitIamGrant(Rule):
    """Allow permissions to be granted by helpers that do not name the actions.

    ## Why
    A helper such as `grant_read_write_data` is correct and kept up to date by the CDK, but nobody
    who reads the code sees which actions it allows, and the next version of the library may allow
    others. Where an audit asks for explicit policies, each action has to stand in the code. The
    finding is an advisory: it names what the helper allows, and that is often all that is needed.

    ## Before
        from aws_cdk import Stack, aws_dynamodb as dynamodb, aws_iam as iam
        from constructs import Construct


        class PaymentStack(Stack):
            def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
                super().__init__(scope, construct_id, **kwargs)
                table = dynamodb.Table(
                    self,
                    "Transactions",
                    partition_key=dynamodb.Attribute(
                        name="id", type=dynamodb.AttributeType.STRING
                    ),
                )
                role = iam.Role(
                    self, "Settle", assumed_by=iam.ServicePrincipal("states.amazonaws.com")
                )
                table.grant_write_data(role)

    ## After
        from aws_cdk import Stack, aws_dynamodb as dynamodb, aws_iam as iam
        from constructs import Construct


        class PaymentStack(Stack):
            def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
                super().__init__(scope, construct_id, **kwargs)
                table = dynamodb.Table(
                    self,
                    "Transactions",
                    partition_key=dynamodb.Attribute(
                        name="id", type=dynamodb.AttributeType.STRING
                    ),
                )
                role = iam.Role(
                    self, "Settle", assumed_by=iam.ServicePrincipal("states.amazonaws.com")
                )
                role.add_to_principal_policy(iam.PolicyStatement(
                    effect=iam.Effect.ALLOW,
                    actions=[
                        "dynamodb:BatchWriteItem",
                        "dynamodb:PutItem",
                        "dynamodb:UpdateItem",
                        "dynamodb:DeleteItem",
                        "dynamodb:DescribeTable",
                    ],
                    resources=[table.table_arn],
                ))

    ## Fix safety
    Unsafe, and applied only where this rule is asked for by name: the statement allows exactly
    what the helper of aws-cdk-lib 2.275 allows, and freezes that. What a later version of the
    helper adds because the service needs it, or what it adds when the resource gets a key of its
    own, has to be added by hand.

    ## Not reported
    Helpers that this version does not know, methods of the code base's own classes, and policy
    statements, which say what they allow.

    ## Left alone
    Reported without a fix: a helper whose result is used, one that is given more than the
    principal, one of a resource or for a principal that neither this file nor a function of it
    makes, or that is imported, and one of a resource with a customer managed key or with replicas,
    for which the helper allows more. Neither is code for version 1 of the CDK fixed, whose helpers
    allow other actions. An explicit statement beside the helper would change nothing, and the
    shorter list that people often write by hand would take permissions away.
    """

    level = Level.LOW
    documentation = "https://docs.aws.amazon.com/cdk/v2/guide/permissions.html"
    names = frozenset({"grants", *(f"grant_{helper}" for helper in HELPERS)})
    keywords = frozenset({"grant"})
    changes = ("AWS::IAM::Policy.PolicyDocument",)
    deployed = "The policy is deployed, and the statement freezes what the helper allows today."
    on_request = True

    def check(self, reference: ast.expr, module: Module) -> Iterator[Discovery]:
        """See `Rule.check`."""
        grant = GrantCall.at(reference, module)
        families = grant.families() if grant else []
        if grant and families:
            outcome = grant.refusal(families) or self._plan(grant, families[0], module)
            yield Discovery(grant.call, grant.call, _message(grant, families, module), outcome)

    def _plan(self, grant: GrantCall, family: Family, module: Module) -> Plan | str:
        kind = ("PolicyStatement", "Effect")
        spelt = members(module, "aws_cdk.aws_iam", kind, grant.call.func)
        if spelt is None:
            return (
                "`PolicyStatement` cannot be imported from `aws_cdk.aws_iam` without a collision."
            )
        code, imports = spelt
        return Plan(
            title="Write out what the helper allows",
            safety=Safety.UNSAFE,
            reason=(
                "The permissions stay exactly as aws-cdk-lib 2.275 grants them, and no longer "
                "follow what later versions of the helper allow."
            ),
            rewrites=(Later(functools.partial(_rewrite, grant, family, code, module)), *imports),
            changes=self.changes,
        )


def _rewrite(grant: GrantCall, family: Family, code: Mapping[str, str], module: Module) -> Rewrite:
    """The change that puts the statement in the place of the helper."""
    place = module.statement(grant.call)
    lines = statement(
        module,
        (code["PolicyStatement"], f"{code['Effect']}.ALLOW"),
        family.actions(grant.helper),
        grant.resources(family),
        module.source.indentation(place.lineno),
    )
    target = f"{module.code(grant.principal)}.{grant.principal_method()}("
    return ReplaceStatement(place, "\n".join(nested(target, lines, ")")))


def _message(grant: GrantCall, families: list[Family], module: Module) -> str:
    """What the helper allows, for each kind of resource that it may be of."""
    lists = [", ".join(family.actions(grant.helper)) for family in families]
    if len(families) > 1:
        pairs = zip(families, lists, strict=True)
        lists = [f"of {family.a_noun}: {actions}" for family, actions in pairs]
    helper = module.code(grant.call.func)
    return f"`{helper}` allows actions without naming them: {'; '.join(lists)}."
