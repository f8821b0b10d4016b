"""Where an explicit Deny goes, for a role or for a function whose role the CDK makes."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from codemods.cdk.permissions import FUNCTION_CLASSES
from codemods.cdk.statements import indented, nested, statement
from codemods.code.layout import quoted
from codemods.code.module import Module, argument, has_splat
from codemods.rewriting.appending import AddArgument, AddEntry
from codemods.rewriting.kinds import InsertAfter, indent_unit
from codemods.rule import Rewrite

_ENTRY = "DenySensitiveOperations"
_COMMENT = "# Add explicit deny for sensitive operations"
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True)
class Site:
    """Where the Deny goes: behind a statement by a method of its target, or into the call.

    `parameter` is the one that takes it in the call, where there is no target. `words` are the
    members of `aws_iam` that its code needs.
    """

    statement: ast.stmt
    target: str = ""
    method: str = ""
    parameter: str = ""
    words: tuple[str, ...] = ("PolicyStatement", "Effect")


def site_of(call: ast.Call, module: Module) -> Site | str:
    """Where the Deny for what a call makes goes, or the sentence that says why nowhere."""
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
        return _inside(call, statement, is_role=is_role)
    if not module.source.stands_alone(statement):
        return "It shares its line with another statement."
    if not is_role:
        return Site(statement, target, "add_to_role_policy")
    certain = value is call and _annotation(statement, module) in {"", "aws_cdk.aws_iam.Role"}
    return Site(statement, target, "add_to_policy" if certain else "add_to_principal_policy")


def _inside(call: ast.Call, statement: ast.stmt, *, is_role: bool) -> Site | str:
    """The place for the Deny among the arguments of a call whose result has no name."""
    if has_splat(call):
        return "Its keyword arguments are unpacked from elsewhere."
    if is_role:
        words = ("PolicyStatement", "Effect", "PolicyDocument")
        return Site(statement, parameter="inline_policies", words=words)
    if argument(call, "initial_policy") is not None:
        return "It is made in the middle of an expression, and has an `initial_policy` already."
    return Site(statement, parameter="initial_policy")


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


def denial(
    call: ast.Call, site: Site, code: Mapping[str, str], actions: Sequence[str], module: Module
) -> Rewrite:
    """The change that adds the Deny; `code` spells the words of the site."""
    kind = (code["PolicyStatement"], f"{code['Effect']}.DENY")
    everything = [quoted(module, "*")]
    if site.target:
        indent = module.source.indentation(site.statement.lineno)
        lines = statement(module, kind, actions, everything, indent)
        text = nested(f"{site.target}.{site.method}(", lines, ")")
        return InsertAfter(site.statement, "\n".join([_COMMENT, *text]))
    last = max(node.lineno for node in [*call.args, *(k.value for k in call.keywords)])
    outer, unit = module.source.indentation(last), indent_unit(module)
    if site.parameter == "initial_policy":
        lines = statement(module, kind, actions, everything, outer + unit)
        listed = ["[", *indented([_COMMENT, *nested("", lines, ",")]), "]"]
        return AddArgument(call, site.parameter, "\n".join(listed))
    lines = statement(module, kind, actions, everything, outer + 3 * unit)
    document = [
        f"{code['PolicyDocument']}(",
        "    statements=[",
        *indented(indented(lines)),
        "    ]",
        ")",
    ]
    key = quoted(module, _ENTRY)
    policies = argument(call, "inline_policies")
    if isinstance(policies, ast.Dict):
        return AddEntry(policies, key, "\n".join(document))
    entry = indented(nested(f"{key}: ", document, ""))
    return AddArgument(call, site.parameter, "\n".join(["{", *entry, "}"]))
