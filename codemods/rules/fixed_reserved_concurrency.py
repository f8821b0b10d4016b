"""fixed-reserved-concurrency: a hard-wired number of reserved concurrent executions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import ClassVar

from codemods.cdk.constructs import Family, instance, is_path, scope_of
from codemods.code.module import Module
from codemods.code.nodes import walk
from codemods.rewriting.context_switch import ByContext
from codemods.rule import Discovery, Level, Plan, Rule, Safety

_ARGUMENT = "reserved_concurrent_executions"
_FUNCTIONS = (
    "aws_cdk.aws_lambda.Function",
    "aws_cdk.aws_lambda.DockerImageFunction",
    "aws_cdk.aws_lambda.SingletonFunction",
    "aws_cdk.aws_lambda.CfnFunction",
    "aws_cdk.aws_sam.CfnFunction",
    "aws_cdk.aws_lambda_nodejs.NodejsFunction",
    "aws_cdk.aws_lambda_python_alpha.PythonFunction",
    "aws_cdk.aws_lambda_python.PythonFunction",
    "aws_cdk.aws_lambda_go_alpha.GoFunction",
    "aws_cdk.aws_lambda_go.GoFunction",
)
_CHOICES = (ast.IfExp, ast.BoolOp, ast.Compare)


class FixedReservedConcurrency(Rule):
    """Allow a function's reserved concurrency to be fixed in the code.

    ## Why
    Reserved concurrency is taken out of the account's limit for everybody else: 1000 concurrent
    executions by default, fewer in a new account, of which 100 must stay unreserved. A stack that
    always reserves works in the account it was written for and fails to deploy in the next one.
    Behind a context value each environment decides for itself.

    ## Before
        from aws_cdk import Stack, aws_lambda as lambda_
        from constructs import Construct


        class PaymentStack(Stack):
            def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
                super().__init__(scope, construct_id, **kwargs)
                lambda_.Function(
                    self,
                    "Processor",
                    runtime=lambda_.Runtime.PYTHON_3_12,
                    handler="index.handler",
                    code=lambda_.Code.from_inline("def handler(event, context): ..."),
                    reserved_concurrent_executions=10,
                )

    ## After
        from aws_cdk import Stack, aws_lambda as lambda_
        from constructs import Construct


        class PaymentStack(Stack):
            def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
                super().__init__(scope, construct_id, **kwargs)
                lambda_.Function(
                    self,
                    "Processor",
                    runtime=lambda_.Runtime.PYTHON_3_12,
                    handler="index.handler",
                    code=lambda_.Code.from_inline("def handler(event, context): ..."),
                    reserved_concurrent_executions=(
                        10
                        if str(self.node.try_get_context("use_reserved_concurrency")).lower()
                        == "true"
                        else None
                    ),
                )

    ## Fix safety
    Safe where the function is not deployed yet: nothing is replaced, and the reservation is there
    as soon as the context says so. A deployed function loses its reservation with the next
    deployment, and with it its cap, which may protect something downstream: put
    `"use_reserved_concurrency": true` into the context of `cdk.json` for production first.
    A reservation of 1 is often a mutex, so its fix is unsafe. The context value is compared as
    text, because `-c use_reserved_concurrency=false` arrives as the text "false", which is true to
    Python. The option `context-key` names another key.

    ## Not reported
    0, which switches a function off, and None; a conditional expression; a value that comes from
    the context already; a parameter that is None by default; provisioned concurrency.

    ## Left alone
    Reported without a fix: a number that comes from a variable, a parameter or a calculation, one
    that is unpacked from a dict, and a function whose scope is neither a name nor an attribute
    outside a construct's own methods, so that there is no node to ask for the context.
    """

    level = Level.MEDIUM
    documentation = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html"
    names = frozenset(name.rpartition(".")[2] for name in _FUNCTIONS)
    arguments = frozenset({_ARGUMENT})
    changes = (
        "AWS::Lambda::Function.ReservedConcurrentExecutions",
        "AWS::Serverless::Function.ReservedConcurrentExecutions",
    )
    deployed = (
        "The function is deployed: it loses its reservation, and with it its cap, until the "
        "context is set."
    )
    relaxed_outside_production = True
    defaults: ClassVar = {"context-key": "use_reserved_concurrency"}

    def __init__(self) -> None:
        self._reserved: dict[ast.ClassDef | None, list[int]] | None = None

    def check(self, reference: ast.expr, module: Module) -> Iterator[Discovery]:
        """See `Rule.check`."""
        call = module.call_of(reference)
        function = module.names.means(reference, *_FUNCTIONS)
        if call is None or not function:
            return
        passed = module.names.passed(call, _ARGUMENT)
        if passed is None:
            return
        value, keyword = passed
        count = module.names.integer(value)
        if count is None:
            if not _is_chosen(value, module):
                yield Discovery(
                    value,
                    call,
                    "Reserved concurrency is decided elsewhere; where it is always set, it takes "
                    "from the account's limit in every environment.",
                    f"`{module.code(value)}` cannot be followed to a number in this file.",
                )
            return
        if count <= 0:
            return
        place = value if keyword.arg else keyword.value
        message = self._message(call, count, module)
        yield Discovery(place, call, message, self._outcome(call, keyword, count, function, module))

    def _outcome(
        self, call: ast.Call, keyword: ast.keyword, count: int, function: str, module: Module
    ) -> Plan | str:
        if keyword.arg is None:
            return "The value is unpacked from a dict of keyword arguments."
        node = _node(call, module)
        if not node:
            return "The function's scope is no name whose node could be asked for the context."
        if not module.names.is_free("str", call):
            return "`str` means something else here, and the fix needs Python's own."
        key = self.option(module, "context-key")
        kind = "Serverless" if function.startswith("aws_cdk.aws_sam.") else "Lambda"
        return Plan(
            title=f"Reserve concurrency only where the context has `{key}`",
            safety=Safety.UNSAFE if count == 1 else Safety.SAFE,
            reason=_reason(count, key),
            rewrites=(ByContext(keyword, node, key),),
            changes=(f"AWS::{kind}::Function.ReservedConcurrentExecutions",),
        )

    def _message(self, call: ast.Call, count: int, module: Module) -> str:
        if self._reserved is None:
            self._reserved = _reservations(module)
        owner = module.enclosing_class(call)
        together = self._reserved.get(owner, [])
        executions = (
            "1 concurrent execution is" if count == 1 else f"{count} concurrent executions are"
        )
        text = f"{executions} reserved in every environment"
        if len(together) > 1:
            whose = f"`{owner.name}`" if owner else "this file"
            text += f"; {whose} reserves {sum(together)} in {len(together)} functions"
        return (
            f"{text}. An account has 1000 by default, a new one fewer, and 100 must stay "
            "unreserved: where they do not suffice, the deployment fails."
        )


def _is_chosen(value: ast.expr, module: Module) -> bool:
    """Whether the code decides between values, or has none."""
    known = module.names.value(value)
    if isinstance(known, _CHOICES) or (isinstance(known, ast.Constant) and known.value is None):
        return True
    parts = list(walk(known)) if known is not None else []
    if any(isinstance(part, ast.Attribute) and "get_context" in part.attr for part in parts):
        return True
    return isinstance(known, ast.Name) and _is_optional(known, module)


def _is_optional(name: ast.Name, module: Module) -> bool:
    """Whether a name is a parameter that is None by default, or assigned in a branch."""
    scope = module.scope(name).lookup(name.id)
    for binding in scope.bindings[name.id] if scope else []:
        if isinstance(binding.node, ast.arg):
            default = module.default(binding.node)
            return isinstance(default, ast.Constant) and default.value is None
        if any(isinstance(parent, ast.If | ast.Match) for parent in module.parents(binding.node)):
            return True
    return False


def _node(call: ast.Call, module: Module) -> str:
    """The code of the construct node to ask for the context; empty where none is certain."""
    scope = scope_of(call)
    if scope is None:
        return ""
    if is_path(scope):
        return f"{ast.unparse(scope)}.node"
    name, family = instance(module, call)
    return f"{name}.node" if name and family is not Family.OTHER else ""


def _reason(count: int, key: str) -> str:
    loss = (
        f"A deployed function loses its reservation, also as a cap, until the context has "
        f'`"{key}": true`.'
    )
    if count == 1:
        return f"A reservation of 1 is often a mutex, which must not go unnoticed. {loss}"
    return f"Nothing is replaced or denied. {loss}"


def _reservations(module: Module) -> dict[ast.ClassDef | None, list[int]]:
    """What the calls of a file reserve, by the class around them."""
    found: dict[ast.ClassDef | None, list[int]] = {}
    for node in walk(module.tree):
        if isinstance(node, ast.Call):
            passed = module.names.passed(node, _ARGUMENT)
            count = module.names.integer(passed[0]) if passed else None
            if count is not None and count > 0:
                found.setdefault(module.enclosing_class(node), []).append(count)
    return found
