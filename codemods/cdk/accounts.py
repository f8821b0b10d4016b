"""Whether a text differs between AWS accounts: it holds an account's id, the time, or is random."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from codemods.code.callers import passed_by_callers
from codemods.code.module import Module
from codemods.code.strings import Text, text_of

_ACCOUNT = re.compile(r"(^|[a-z\d_])(account|acct)(_?(id|number|no))?$", re.IGNORECASE)
_RANDOM = re.compile(r"uuid|random|secrets|token_hex|stack_id|timestamp|uniq", re.IGNORECASE)
_TIMES = {
    *("time.time", "time.time_ns", "datetime.date.today", "datetime.datetime.today"),
    *("datetime.datetime.now", "datetime.datetime.utcnow"),
}
_DEPTH = 2  # from parameter to parameter, so many calls are followed
_SETTLED = {
    "aws_cdk.PhysicalName.GENERATE_IF_NEEDED",
    "aws_cdk.Aws.ACCOUNT_ID",
    "aws_cdk.Aws.STACK_ID",
}
_OF_THE_PATH = {"unique_id", "node_unique_id", "unique_resource_name"}  # which accounts share


def is_unique(module: Module, text: Text, depth: int = _DEPTH) -> bool:
    """Whether a text differs between accounts, as far as the file can tell.

    A value from elsewhere is judged by what it is called: `account_id`, `config["account"]`. A
    parameter is judged by what the calls in the file pass for it.
    """
    if "AWS::AccountId" in text.fixed:
        return True
    return any(_says_so(module, node, depth) for node in text.unknown)


def _says_so(module: Module, node: ast.expr, depth: int) -> bool:
    if any(_is_source(module, part) for part in _parts(module, node)):
        return True
    passed = passed_by_callers(module, node) if isinstance(node, ast.Name) and depth else []
    return bool(passed) and all(
        value is not None and is_unique(module, text_of(module, value), depth - 1)
        for value in passed
    )


def _parts(module: Module, node: ast.expr) -> Iterator[ast.AST]:
    """Everything below a node, and what the functions and statements say that its names mean.

    A function of this file is judged by what it does, not by what it is called.
    """
    for part in ast.walk(node):
        if not isinstance(part, ast.Name | ast.Attribute):
            yield part
            continue
        definition = module.names.definition(part)
        if isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from ast.walk(definition)
            continue
        yield part
        for binding in module.names.bindings(part):
            statement = module.statement(binding.node)
            if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
                yield from ast.walk(statement)


def _is_source(module: Module, node: ast.AST) -> bool:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return "AWS::AccountId" in node.value or _ACCOUNT.search(node.value) is not None
    if not isinstance(node, ast.Name | ast.Attribute):
        return False
    word = node.attr if isinstance(node, ast.Attribute) else node.id
    if _ACCOUNT.search(word) or module.names.qualified(node) in _SETTLED | _TIMES:
        return True
    return _RANDOM.search(word) is not None and word not in _OF_THE_PATH
