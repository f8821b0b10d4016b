"""What one file gives to a role and takes from it, wherever in the file it does so."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field

from codemods.cdk import grants
from codemods.cdk.iam import (
    ADMIN_POLICIES,
    EXECUTION_POLICIES,
    IAM,
    Iam,
    Principals,
    Statement,
    called,
    overlap,
)
from codemods.code.flow import Flow
from codemods.code.module import Module, argument, has_splat

FUNCTION_CLASSES = frozenset({*grants.FUNCTION.classes, "aws_cdk.aws_lambda.SingletonFunction"})
_ADDING = {"add_to_policy", "add_to_principal_policy", "add_to_role_policy"}
_HARMLESS = {
    *("add_dependency", "allow_default_port_from", "allow_from"),
    *("print", "isinstance", "len", "str"),
}
_OF_THE_CDK = ("aws_cdk.", "constructs.", "cdk_nag.")


@dataclass
class Permissions:
    """The findings about one role.

    `denied` tells of a Deny statement, `bounded` of a permissions boundary. `conflicts` are
    sentences about what it is allowed and a new Deny would break, `doubts` about what cannot be
    seen from here.
    """

    denied: bool = False
    bounded: bool = False
    conflicts: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


class Inspection:
    """Gathers the permissions of a role, or of the role of a function.

    Args:
        module: the file.
        patterns: the actions that a new statement would deny.
    """

    def __init__(self, module: Module, patterns: Iterable[str]) -> None:
        self._module = module
        self._flow = Flow(module)
        self._iam = Iam(module, self._flow)
        self._patterns = tuple(patterns)
        self._seen: set[ast.expr] = set()
        self._result = Permissions()

    def of_role(self, call: ast.Call) -> Permissions:
        """The permissions of the role that a call of `iam.Role` makes."""
        result = self._result
        if has_splat(call):
            result.doubts.append("Some of its arguments are unpacked from elsewhere.")
        result.bounded = self._passed(call, "permissions_boundary") is not None
        policies = self._passed(call, "managed_policies")
        for policy in self._flow.items(policies) if policies is not None else []:
            self._managed(policy)
        inline = self._module.names.value(self._passed(call, "inline_policies"))
        if isinstance(inline, ast.Dict):
            for document in inline.values:
                self._stated(document)
        elif inline is not None:
            self._stated(inline)
        journey = self._flow.journey(call)
        result.doubts += (f"The role leaves this file: {why}." for why in journey.departures)
        for place in journey.places:
            self._used(place)
        return result

    def principals(self, call: ast.Call) -> Principals:
        """Who may assume the role that a call of `iam.Role` makes."""
        return self._iam.principals(self._passed(call, "assumed_by"))

    def _passed(self, call: ast.Call, name: str) -> ast.expr | None:
        """What is passed for a parameter, also in a dict that is unpacked."""
        passed = self._module.names.passed(call, name)
        return passed[0] if passed else None

    def of_function(self, call: ast.Call) -> Permissions:
        """The permissions of the role that the CDK makes for a function."""
        result = self._result
        if has_splat(call) and not self._is_seen_through(call):
            result.doubts.append("Some of its arguments are unpacked from elsewhere.")
        journey = self._flow.journey(call)
        result.doubts += (f"The function leaves this file: {why}." for why in journey.departures)
        self._function(call)
        for place in journey.places:
            taker = self._call_given(place)
            if taker is not None and self._takes_away(taker):
                code = ast.unparse(taker.func)
                result.doubts.append(f"The function leaves this file: it is passed to `{code}`.")
        return result

    def _is_seen_through(self, call: ast.Call) -> bool:
        """Whether everything that a call unpacks is a dict of this file that keeps its items."""
        module = self._module
        unpacked = [keyword.value for keyword in call.keywords if keyword.arg is None]
        starred = any(isinstance(argument, ast.Starred) for argument in call.args)
        changing = (ast.Subscript, ast.Attribute)
        return not starred and all(
            isinstance(module.names.value(each), ast.Dict)
            and not any(isinstance(module.parent(use), changing) for use in module.names.uses(each))
            for each in unpacked
        )

    def _takes_away(self, call: ast.Call) -> bool:
        """Whether a call hands a function to code that is neither of this file nor of the CDK."""
        name = self._module.names.qualified(call.func)
        method = call.func.attr if isinstance(call.func, ast.Attribute) else name
        known = name.startswith(_OF_THE_CDK) or method in _HARMLESS or method.startswith("grant")
        return not known and self._leaves(call)

    def _function(self, call: ast.Call) -> None:
        if call in self._seen:
            return
        self._seen.add(call)
        policies = argument(call, "initial_policy")
        for statement in self._flow.items(policies) if policies is not None else []:
            self._stated(statement)
        for place in self._flow.journey(call).places:
            parent = self._module.parent(place)
            if isinstance(parent, ast.Attribute) and parent.attr in {"role", "grant_principal"}:
                for role in self._flow.journey(parent).places:
                    self._used(role)
            for method, use in called(self._module, place):
                if method == "add_to_role_policy":
                    self._stated(argument(use, "statement", 0))
            passed = self._call_given(place)
            if passed is not None:
                self._granted(passed)

    def _used(self, place: ast.expr) -> None:
        """What one place that holds the role does with it."""
        for method, call in called(self._module, place):
            if method in _ADDING:
                self._stated(argument(call, "statement", 0))
            elif method == "attach_inline_policy":
                self._stated(argument(call, "policy", 0))
            elif method == "add_managed_policy":
                self._managed(argument(call, "policy", 0))
        taker = self._call_given(place)
        if taker is not None:
            self._given(taker)

    def _call_given(self, place: ast.expr) -> ast.Call | None:
        """The call that is given a place as argument, itself or in a list."""
        parent = self._module.parent(place)
        if isinstance(parent, ast.List):
            parent = self._module.parent(parent)
            if not isinstance(parent, ast.keyword):
                return None
        if isinstance(parent, ast.keyword):
            parent = self._module.parent(parent)
        return parent if isinstance(parent, ast.Call) and parent.func is not place else None

    def _given(self, call: ast.Call) -> None:
        name = self._module.names.qualified(call.func)
        method = call.func.attr if isinstance(call.func, ast.Attribute) else name
        if name in FUNCTION_CLASSES:
            self._function(call)
        elif name in {f"{IAM}Policy", f"{IAM}ManagedPolicy"}:
            self._stated(call)
        elif name == f"{IAM}PermissionsBoundary.of":
            self._result.bounded = True
        elif name.startswith(f"{IAM}Grant."):
            self._allowed(Statement(False, self._iam.actions(argument(call, "actions"))))
        elif name.endswith(".AwsCustomResource"):
            self._result.doubts.append("An `AwsCustomResource` gives it what its calls need.")
        elif name.startswith(_OF_THE_CDK) or method in _HARMLESS:
            return
        elif method == "attach_to_role" and isinstance(call.func, ast.Attribute):
            self._stated(call.func.value)
        elif not self._granted(call) and self._leaves(call):
            code = ast.unparse(call.func)
            self._result.doubts.append(f"The role leaves this file: it is passed to `{code}`.")

    def _granted(self, call: ast.Call) -> bool:
        """Note what a grant helper gives; whether the call is one."""
        if not isinstance(call.func, ast.Attribute):
            return False
        owner = call.func.value
        newer = isinstance(owner, ast.Attribute) and owner.attr == "grants"
        helper = grants.helper(call.func.attr, grants=newer)
        if not helper and call.func.attr != "grant":
            return False
        if helper in grants.PASSES_ROLES:
            self._result.conflicts.append(
                f"`{ast.unparse(call.func)}` allows it `iam:PassRole`: a Deny would break that."
            )
        elif call.func.attr == "grant":
            self._allowed(Statement(False, self._iam.actions(ast.List(elts=call.args[1:]))))
        elif helper not in grants.HELPERS | grants.HARMLESS:
            self._result.doubts.append(f"What `{ast.unparse(call.func)}` allows is not known here.")
        return True

    def _leaves(self, call: ast.Call) -> bool:
        """Whether a call that takes the role is neither of this file nor of a construct."""
        if self._flow.function(call) is not None or self._module.names.value(call) is not call:
            return False
        if not isinstance(call.func, ast.Attribute):
            return True
        made = self._module.names.value(call.func.value)
        constructed = isinstance(made, ast.Call) and self._module.names.qualified(made.func)
        return not str(constructed).startswith("aws_cdk.")

    def _stated(self, node: ast.expr | None) -> None:
        for statement in self._iam.statements(node):
            self._allowed(statement)

    def _allowed(self, statement: Statement) -> None:
        if statement.deny:
            self._result.denied = True
        elif statement.actions is None:
            self._result.doubts.append("Some of what it is allowed is not visible in this file.")
        else:
            broken = overlap(statement.actions, self._patterns)
            if broken:
                names = " and ".join(f"`{action}`" for action in broken[:3])
                self._result.conflicts.append(
                    f"It is allowed {names}: a Deny would win, and break what uses that."
                )

    def _managed(self, policy: ast.expr | None) -> None:
        name = self._iam.managed_policy(policy)
        if name in ADMIN_POLICIES:
            self._result.conflicts.append(
                f"It has `{name}`, from which a Deny would take a part away."
            )
        elif name is None:
            self._stated(policy)
        elif not name:
            self._result.doubts.append("The name of one of its managed policies is not visible.")
        elif name not in EXECUTION_POLICIES:
            self._result.doubts.append(f"The managed policy `{name}` may allow what it would deny.")
