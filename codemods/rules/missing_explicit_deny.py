"""missing-explicit-deny: a Lambda execution role without an explicit Deny."""

from __future__ import annotations

import ast
import functools
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from codemods.appending import AddArgument, AddEntry
from codemods.imports import members
from codemods.layout import quoted
from codemods.module import Module, argument, has_splat, may_pass
from codemods.permissions import FUNCTION_CLASSES, Inspection, Permissions
from codemods.rewriting import InsertAfter, Later, indent_unit
from codemods.rule import Discovery, Level, Plan, Rewrite, Rule, Safety
from codemods.statements import indented, nested, statement

_ENTRY = "DenySensitiveOperations"
_COMMENT = "# Add explicit deny for sensitive operations"
_LAMBDA = re.compile(r"""["']lambda\.""")
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


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
    reported only with `implicit-roles = true`.

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
    changes = (
        "AWS::IAM::Policy",
        "AWS::IAM::Policy.PolicyDocument",
        "AWS::IAM::Role.Policies",
        "AWS::Lambda::Function.DependsOn",
    )
    deployed = "The role is deployed: a function that uses what is denied would stop working."
    defaults: ClassVar = {
        "actions": ["iam:*", "organizations:*", "account:*"],
        "permissions-boundary": True,
        "implicit-roles": False,
    }

    def check(self, reference: ast.expr, module: Module) -> Iterator[Discovery]:
        """See `Rule.check`."""
        call = module.call_of(reference)
        if call is None or not self._may_concern(call, module):
            return
        actions = self.option(module, "actions")
        assumed = may_pass(call, "assumed_by")
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
            and argument(call, "role") is None
        ):
            permissions = Inspection(module, actions).of_function(call)
            message = "The role that the CDK makes for this function has no explicit Deny."
        else:
            return
        bounded = permissions.bounded and self.option(module, "permissions-boundary")
        if not permissions.denied and not bounded:
            outcome = self._outcome(call, reference, permissions, module)
            yield Discovery(call, call, message, outcome)

    def _may_concern(self, call: ast.Call, module: Module) -> bool:
        """A look at a call that spares most files the search for what its name means."""
        of_lambda = may_pass(call, "assumed_by") and _LAMBDA.search(module.source.text)
        return bool(of_lambda or self.option(module, "implicit-roles"))

    def _outcome(
        self, call: ast.Call, reference: ast.expr, permissions: Permissions, module: Module
    ) -> Plan | str:
        if permissions.conflicts:
            return permissions.conflicts[0]
        site = _site(call, module)
        if isinstance(site, str):
            return site
        wanted = ("PolicyStatement", "Effect", "PolicyDocument")[: 2 if site.target else 3]
        spelt = members(module, "aws_cdk.aws_iam", wanted, reference)
        if spelt is None:
            return f"`{wanted[0]}` cannot be imported from `aws_cdk.aws_iam` without a collision."
        code, imports = spelt
        actions = self.option(module, "actions")
        rewrite = Later(functools.partial(_rewrite, call, site, code, actions, module))
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
            changes=self.changes,
        )


@dataclass(frozen=True)
class _Site:
    """Where the Deny goes: behind a statement by a method of its target, or into the call."""

    statement: ast.stmt
    target: str = ""
    method: str = ""


def _site(call: ast.Call, module: Module) -> _Site | str:
    """Where the Deny goes, or the sentence that says why it can go nowhere."""
    statement = module.statement(call)
    around = list(itertools.takewhile(lambda node: node is not statement, module.parents(call)))
    if any(isinstance(node, _COMPREHENSIONS) for node in around):
        return "It is made in a comprehension, behind which no statement can stand."
    if any(_may_be_imported(node, module) for node in around):
        return "It may be an imported role instead, whose policies are kept elsewhere."
    is_role = module.names.qualified(call.func) not in FUNCTION_CLASSES
    policies = argument(call, "inline_policies")
    if policies is not None and not isinstance(policies, ast.Dict):
        return f"Its `inline_policies` are put together elsewhere: `{module.code(policies)}`."
    value: ast.AST = call
    while around and isinstance(around[0], ast.Call) and module.names.value(around[0]) is call:
        value = around.pop(0)  # typing.cast
    target = "" if around else _target(statement, module)
    if not target:
        if not is_role:
            return "It is made in the middle of an expression."
        if has_splat(call):
            return "Its keyword arguments are unpacked from elsewhere."
        return _Site(statement)
    if not module.source.stands_alone(statement):
        return "It shares its line with another statement."
    if not is_role:
        return _Site(statement, target, "add_to_role_policy")
    certain = value is call and _annotation(statement, module) in {"", "aws_cdk.aws_iam.Role"}
    return _Site(statement, target, "add_to_policy" if certain else "add_to_principal_policy")


def _may_be_imported(node: ast.AST, module: Module) -> bool:
    if not isinstance(node, ast.IfExp | ast.BoolOp):
        return False
    names = {
        module.names.qualified(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)
    }
    return any(name.startswith("aws_cdk.aws_iam.Role.from_") for name in names)


def _target(statement: ast.stmt, module: Module) -> str:
    """The code by which the next statement reaches what a statement assigns; empty for none."""
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    for target in targets:
        parts = list(ast.walk(target))
        if not isinstance(target, ast.Tuple | ast.List | ast.Starred) and not any(
            isinstance(part, ast.Call | ast.NamedExpr | ast.Await) for part in parts
        ):
            return module.code(target)
    return ""


def _annotation(statement: ast.stmt, module: Module) -> str:
    if not isinstance(statement, ast.AnnAssign):
        return ""
    return module.names.qualified(statement.annotation) or ast.unparse(statement.annotation)


def _rewrite(
    call: ast.Call, site: _Site, code: Mapping[str, str], actions: Sequence[str], module: Module
) -> Rewrite:
    """The change that adds the Deny."""
    kind = (code["PolicyStatement"], f"{code['Effect']}.DENY")
    everything = [quoted(module, "*")]
    if site.target:
        indent = module.source.indentation(site.statement.lineno)
        lines = statement(module, kind, actions, everything, indent)
        text = nested(f"{site.target}.{site.method}(", lines, ")")
        return InsertAfter(site.statement, "\n".join([_COMMENT, *text]))
    last = max(node.lineno for node in [*call.args, *(k.value for k in call.keywords)])
    indent = module.source.indentation(last) + 3 * indent_unit(module)
    lines = indented(indented(statement(module, kind, actions, everything, indent)))
    document = [
        f"{code['PolicyDocument']}(",
        "    statements=[",
        *lines,
        "    ]",
        ")",
    ]
    key = quoted(module, _ENTRY)
    policies = argument(call, "inline_policies")
    if isinstance(policies, ast.Dict):
        return AddEntry(policies, key, "\n".join(document))
    entry = indented(nested(f"{key}: ", document, ""))
    return AddArgument(call, "inline_policies", "\n".join(["{", *entry, "}"]))
