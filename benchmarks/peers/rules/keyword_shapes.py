"""Five of the six rules for fixit and for LibCST's codemod runner, as far as they go in one call.

Both resolve the callee through the imports, as the rules of cdk-medic do, and put one expression in
the place of another. What takes a look at the rest of the file is reported or warned of only where
a first look suffices: no Deny statement is searched for a role.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import libcst as cst
from fixit import LintRule
from libcst.codemod import CodemodContext, VisitorBasedCodemodCommand
from libcst.metadata import QualifiedNameProvider

_KEYWORDS = {
    "aws_cdk.aws_ec2.Vpc": "nat_gateways",
    "aws_cdk.aws_lambda.Function": "reserved_concurrent_executions",
    "aws_cdk.aws_s3.Bucket": "bucket_name",
}
_VERSION = re.compile(r"aws_cdk\.aws_rds\.PostgresEngineVersion\.VER_\d+")
_MESSAGE = "This is one of the mistakes that are looked for."


def mended_call(call: cst.Call, names: Iterable[str]) -> cst.Call | None:
    """The call with the argument that is wrong put right; None where none is."""
    keyword = next((_KEYWORDS[name] for name in names if name in _KEYWORDS), None)
    for number, argument in enumerate(call.args):
        if keyword is None or argument.keyword is None or argument.keyword.value != keyword:
            continue
        value = _mended_value(keyword, argument.value)
        if value is not None:
            arguments = [*call.args]
            arguments[number] = argument.with_changes(value=value)
            return call.with_changes(args=arguments)
    return None


def _mended_value(keyword: str, value: cst.BaseExpression) -> cst.BaseExpression | None:
    if isinstance(value, cst.Integer) and keyword == "nat_gateways" and value.value == "1":
        return cst.Integer("3")
    if isinstance(value, cst.Integer) and keyword == "reserved_concurrent_executions":
        return cst.parse_expression(
            f'{value.value} if self.node.try_get_context("reserve-concurrency") else None'
        )
    if isinstance(value, cst.FormattedString) and keyword == "bucket_name":
        known = cst.Module([]).code_for_node(value)
        if "account" not in known.lower():
            return cst.parse_expression(f"{known[:-1]}-{{self.account}}{known[-1]}")
    return None


def mended_version(node: cst.Attribute, names: Iterable[str]) -> cst.Attribute | None:
    """A major version of PostgreSQL as one with its minor version; None for anything else."""
    if any(_VERSION.fullmatch(name) for name in names):
        return node.with_changes(attr=cst.Name(f"{node.attr.value}_4"))
    return None


def suspicious(call: cst.Call, names: Iterable[str]) -> bool:
    """Whether a call makes a role for Lambda, or is one of a grant helper."""
    if "aws_cdk.aws_iam.Role" in names:
        return "lambda.amazonaws.com" in cst.Module([]).code_for_node(call)
    return isinstance(call.func, cst.Attribute) and call.func.attr.value.startswith("grant_")


class KeywordShapes(LintRule):  # type: ignore[misc]  # fixit is installed apart from the project
    """The rules as one of fixit."""

    METADATA_DEPENDENCIES = (QualifiedNameProvider,)

    def visit_Call(self, node: cst.Call) -> None:  # noqa: N802  (libcst names its visitors so)
        """Report a call, with its replacement where there is one."""
        names = self._names(node.func)
        mended = mended_call(node, names)
        if mended is not None or suspicious(node, names):
            self.report(node, _MESSAGE, replacement=mended)

    def visit_Attribute(self, node: cst.Attribute) -> None:  # noqa: N802  (libcst names its visitors so)
        """Report a version."""
        if node.attr.value.startswith("VER_"):
            mended = mended_version(node, self._names(node))
            if mended is not None:
                self.report(node, _MESSAGE, replacement=mended)

    def _names(self, node: cst.CSTNode) -> set[str]:
        return {it.name for it in self.get_metadata(QualifiedNameProvider, node, set())}


class KeywordShapesCommand(VisitorBasedCodemodCommand):
    """The rules as one codemod."""

    METADATA_DEPENDENCIES = (QualifiedNameProvider,)

    def __init__(self, context: CodemodContext) -> None:
        super().__init__(context)

    def leave_Call(  # noqa: N802  (libcst names its visitors so)
        self, original_node: cst.Call, updated_node: cst.Call
    ) -> cst.Call:
        """Mend a call, or warn of it."""
        names = self._names(original_node.func)
        if suspicious(original_node, names):
            self.warn(_MESSAGE)
        return mended_call(updated_node, names) or updated_node

    def leave_Attribute(  # noqa: N802  (libcst names its visitors so)
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.Attribute:
        """Mend a version."""
        if not original_node.attr.value.startswith("VER_"):
            return updated_node
        return mended_version(updated_node, self._names(original_node)) or updated_node

    def _names(self, node: cst.CSTNode) -> set[str]:
        return {it.name for it in self.get_metadata(QualifiedNameProvider, node, set())}
