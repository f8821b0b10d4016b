"""Calls of grant helpers: what they are of, to whom they grant, and whether that is all visible."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Self

from codemods.cdk import grants
from codemods.cdk.grants import FAMILIES, HELPERS, INDEX, TABLE, Family
from codemods.cdk.permissions import FUNCTION_CLASSES
from codemods.code.flow import Flow
from codemods.code.imports import is_first_version
from codemods.code.layout import quote
from codemods.code.module import Module, argument, has_splat
from codemods.code.scopes import FUNCTIONS, Kind

_ROLE = "aws_cdk.aws_iam.Role"
_NO_KEY = {
    "AWS_MANAGED",
    "DEFAULT",
    "S3_MANAGED",
    "SQS_MANAGED",
    "UNENCRYPTED",
    "aws_managed_key",
    "dynamo_owned_key",
}
"""The kinds of encryption that bring no key with a policy of its own, measured by synthesis."""
_INDEX_ARGUMENTS = {"global_secondary_indexes", "local_secondary_indexes"}
_INDEXES = {"add_global_secondary_index", "add_local_secondary_index"}


@dataclass(frozen=True)
class GrantCall:
    """A call of a helper: whose it is, which one, and to whom it grants."""

    module: Module
    call: ast.Call
    receiver: ast.expr
    helper: str
    principal: ast.expr

    @classmethod
    def at(cls, reference: ast.expr, module: Module) -> Self | None:
        """The call that a reference to a helper, or to `.grants`, is part of; None for no grant."""
        newer = isinstance(reference, ast.Attribute) and reference.attr == "grants"
        method = module.parent(reference) if newer else reference
        if not isinstance(method, ast.Attribute) or not isinstance(reference, ast.Attribute):
            return None
        call = module.call_of(method)
        helper = grants.helper(method.attr, grants=newer)
        if call is None or helper not in HELPERS or module.names.definition(method) is not None:
            return None
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        return cls(module, call, reference.value, helper, given[0]) if given else None

    def families(self) -> list[Family]:
        """The kinds of resource that the helper may be of; none where it is not the CDK's."""
        names = self.module.names
        known = [family for family in FAMILIES if self.helper in family.helpers]
        value = self._origin(self.receiver)
        if not isinstance(value, ast.Call):
            hint = self._hint(value)
            return [family for family in known if hint in family.interfaces] if hint else known
        name = names.qualified(value.func)
        if not name.startswith("aws_cdk.") and names.definition(value.func) is None:
            return known
        made = name.partition(".from_")[0]
        return [family for family in known if made in family.classes]

    def _origin(self, node: ast.expr | None) -> ast.expr | None:
        """What makes the thing that an expression stands for, in a function of the file too.

        None where such a function may return one of several things.
        """
        value = self.module.names.value(node)
        if not isinstance(value, ast.Call):
            return value
        if not isinstance(self.module.names.definition(value.func), FUNCTIONS):
            return value
        sources = Flow(self.module).sources(value)
        return sources[0] if len(sources) == 1 else None

    def _hint(self, value: ast.expr | None) -> str:
        """The class of the CDK that the annotation of a parameter names; empty for none."""
        bindings = self.module.names.bindings(value) if value is not None else []
        if len(bindings) != 1 or bindings[0].kind is not Kind.PARAMETER:
            return ""
        annotation = getattr(bindings[0].node, "annotation", None)
        name = self.module.names.qualified(annotation)
        return name if name.startswith("aws_cdk.") else ""

    def refusal(self, families: list[Family]) -> str:
        """Why the grant cannot be written out, or an empty string."""
        place = self.module.parent(self.call)
        if not isinstance(place, ast.Expr):
            return "The result of the helper is used."
        if not self.module.source.stands_alone(place):
            return "It shares its line with another statement."
        if len(self.call.args) + len(self.call.keywords) != 1 or has_splat(self.call):
            return "The helper is given more than the principal."
        if not _is_plain(self.receiver) or not _is_plain(self.principal):
            return "The resource or the principal is not a plain name."
        made = self._made()
        if len(families) != 1 or made is None:
            return f"`{self.module.code(self.receiver)}` is not made in this file."
        (family,) = families
        if not family.arn:
            return f"The ARN of {family.a_noun} cannot be written out from here."
        if has_splat(made) or any(_widens(argument(made, name)) for name in family.widening):
            return f"With this {family.noun}'s key, replicas or hidden arguments it allows more."
        if family is TABLE and Flow(self.module).journey(made).departures:
            return "The table leaves this file, and may get an index elsewhere."
        if is_first_version(self.module):
            return "Version 1 of the CDK has other lists than those that were measured."
        if not self.principal_method():
            return f"`{self.module.code(self.principal)}` is no role or function of this file."
        return ""

    def _made(self) -> ast.Call | None:
        """The call that makes the resource; None where it is imported or comes from elsewhere."""
        made = self._origin(self.receiver)
        if not isinstance(made, ast.Call):
            return None
        name = self.module.names.qualified(made.func)
        return made if any(name in family.classes for family in FAMILIES) else None

    def principal_method(self) -> str:
        """The method by which the principal takes a statement; empty where that is not known."""
        names = self.module.names
        made = self._origin(self.principal)
        if not isinstance(made, ast.Call):
            return ""
        if names.means(made.func, _ROLE):
            return "add_to_principal_policy"
        if not names.means(made.func, *FUNCTION_CLASSES) or has_splat(made):
            return ""
        role = self._origin(argument(made, "role"))
        own = role is None or (isinstance(role, ast.Call) and names.means(role.func, _ROLE))
        return "add_to_role_policy" if own else ""

    def resources(self, family: Family) -> list[str]:
        """The resources that the helper grants on, as code."""
        arn = f"{self.module.code(self.receiver)}.{family.arn}"
        mark = quote(self.module)
        (suffixes,) = {allowed.suffixes for allowed in family.helpers[self.helper]}
        return [
            f"f{mark}{{{arn}}}{suffix}{mark}" if suffix else arn
            for suffix in suffixes
            if suffix != INDEX or self._has_index()
        ]

    def _has_index(self) -> bool:
        made = self._origin(self.receiver) or self.receiver
        if any(keyword.arg in _INDEX_ARGUMENTS for keyword in getattr(made, "keywords", [])):
            return True
        places = (self.module.parent(place) for place in Flow(self.module).journey(made).places)
        return any(isinstance(use, ast.Attribute) and use.attr in _INDEXES for use in places)


def _widens(value: ast.expr | None) -> bool:
    """Whether an argument adds to what the helpers allow."""
    if value is None or (isinstance(value, ast.Constant) and value.value is None):
        return False
    named = value.func if isinstance(value, ast.Call) else value
    return not (isinstance(named, ast.Attribute) and named.attr in _NO_KEY)


def _is_plain(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)
