"""missing-explicit-deny: a Lambda execution role without an explicit Deny."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from typing import ClassVar

from codemods.cdk.denial import denial, site_of
from codemods.cdk.permissions import FUNCTION_CLASSES, Inspection, Permissions
from codemods.code.imports import members
from codemods.code.module import Module, may_pass
from codemods.rewriting.kinds import Later
from codemods.rule import Discovery, Level, Plan, Rule, Safety

_OF_A_POLICY = (
    "AWS::IAM::Policy",
    "AWS::IAM::Policy.PolicyDocument",
    "AWS::Lambda::Function.DependsOn",
)
_OF_THE_ROLE = ("AWS::IAM::Role.Policies",)


class MissingExplicitDeny(Rule):
    """Allow a Lambda execution role to do without an explicit Deny.

    ## Why
    A role that nothing denies anything is as strong as the strongest policy that somebody attaches
    to it, on purpose or by mistake, today or in a year. With an explicit Deny on IAM,
    Organizations and Account Management a compromised function cannot raise its own privileges,
    whatever else it is allowed, for in IAM's evaluation a Deny wins over every Allow. Audits of
    payment systems ask for it as defence in depth.

    ## Before
        from aws_cdk import Stack, aws_iam as iam
        from constructs import Construct


        class ComputeStack(Stack):
            def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
                super().__init__(scope, construct_id, **kwargs)
                lambda_role = iam.Role(
                    self,
                    "LambdaExecutionRole",
                    assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
                    managed_policies=[
                        iam.ManagedPolicy.from_aws_managed_policy_name(
                            "service-role/AWSLambdaVPCAccessExecutionRole"
                        )
                    ],
                )

    ## After
        from aws_cdk import Stack, aws_iam as iam
        from constructs import Construct


        class ComputeStack(Stack):
            def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
                super().__init__(scope, construct_id, **kwargs)
                lambda_role = iam.Role(
                    self,
                    "LambdaExecutionRole",
                    assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
                    managed_policies=[
                        iam.ManagedPolicy.from_aws_managed_policy_name(
                            "service-role/AWSLambdaVPCAccessExecutionRole"
                        )
                    ],
                )
                # Add explicit deny for sensitive operations
                lambda_role.add_to_policy(iam.PolicyStatement(
                    effect=iam.Effect.DENY,
                    actions=["iam:*", "organizations:*", "account:*"],
                    resources=["*"],
                ))

    ## Fix safety
    Safe: the role gets one statement more, in its default policy or, where it is made in the middle
    of an expression, in an inline policy; nothing is replaced. It is unsafe where this file cannot
    show that nobody needs what is denied: the role leaves the file (one that is kept on `self` does
    where the file itself never reads it), it has a managed policy other
    than those that AWS made for Lambda's execution roles, it is given to a `grant_*` helper that is
    not known here, some of its statements come from elsewhere, or a principal other than Lambda may
    assume it too.

    ## Not reported
    Roles for other principals, imported roles, roles that have a Deny statement anywhere in the
    file (added later, in another method through `self`, by way of a policy or of a function that
    has the role), and roles with a permissions boundary, which limits them already; the option
    `permissions-boundary = false` reports those too. Functions that let the CDK make their role are
    reported only with `implicit-roles = true`; they get the statement by `add_to_role_policy`, or
    by `initial_policy` where they are made in the middle of an expression.

    ## Left alone
    Reported without a fix: a role that is allowed actions of IAM, Organizations or Account
    Management, `iam:PassRole` by `grant_pass_role` or `TaskDefinition.grant_run` among them (a Deny
    wins and would break the function at run time), or that has an administrator's managed policy; a
    role whose `inline_policies` come from a variable; one that may be an imported role instead; one
    that is made in a comprehension or shares its line with another statement. The option `actions`
    says what is denied.
    """

    level = Level.HIGH
    documentation = (
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html"
    )
    names = frozenset({"Role", *(name.rpartition(".")[2] for name in FUNCTION_CLASSES)})
    keywords = frozenset({'"lambda.', "'lambda."})
    widened_by = "implicit-roles"
    changes = (*_OF_A_POLICY, *_OF_THE_ROLE)
    deployed = "The role is deployed: a function that uses what is denied would stop working."
    defaults: ClassVar = {
        "actions": ["iam:*", "organizations:*", "account:*"],
        "permissions-boundary": True,
        "implicit-roles": False,
    }

    def check(self, reference: ast.expr, module: Module) -> Iterator[Discovery]:
        """See `Rule.check`."""
        call = module.call_of(reference)
        assumed = call is not None and may_pass(call, "assumed_by")
        if call is None or not (assumed or self.option(module, "implicit-roles")):
            return
        actions = self.option(module, "actions")
        if assumed and module.names.means(reference, "aws_cdk.aws_iam.Role"):
            inspection = Inspection(module, actions)
            principals = inspection.principals(call)
            if not principals.functions:
                return
            permissions = inspection.of_role(call)
            if principals.others:
                permissions.doubts.append("A principal other than Lambda may assume the role too.")
            message = (
                "The execution role of a Lambda function has no explicit Deny: a compromised "
                "function can use whatever the role is ever allowed, up to raising its privileges."
            )
        elif (
            self.option(module, "implicit-roles")
            and module.names.means(reference, *FUNCTION_CLASSES)
            and module.names.passed(call, "role") is None
        ):
            permissions = Inspection(module, actions).of_function(call)
            message = "The role that the CDK makes for this function has no explicit Deny."
        else:
            return
        bounded = permissions.bounded and self.option(module, "permissions-boundary")
        if not permissions.denied and not bounded:
            outcome = self._outcome(call, reference, permissions, module)
            yield Discovery(call, call, message, outcome)

    def _outcome(
        self, call: ast.Call, reference: ast.expr, permissions: Permissions, module: Module
    ) -> Plan | str:
        if permissions.conflicts:
            return permissions.conflicts[0]
        site = site_of(call, module)
        if isinstance(site, str):
            return site
        spelt = members(module, "aws_cdk.aws_iam", site.words, reference)
        if spelt is None:
            return (
                f"`{site.words[0]}` cannot be imported from `aws_cdk.aws_iam` without a collision."
            )
        code, imports = spelt
        actions = self.option(module, "actions")
        rewrite = Later(functools.partial(denial, call, site, code, actions, module))
        doubts = " ".join(dict.fromkeys(permissions.doubts))
        return Plan(
            title="Add an explicit Deny for sensitive operations",
            safety=Safety.UNSAFE if doubts else Safety.SAFE,
            reason=doubts
            or (
                "Nothing that this role is allowed is denied, and no resource is replaced; the "
                "role gets one policy statement more."
            ),
            rewrites=(rewrite, *imports),
            changes=_OF_THE_ROLE if site.parameter == "inline_policies" else _OF_A_POLICY,
        )
