"""Text put behind another text, in the spelling that the code already has for it."""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst as cst


def appended(ending: str, quote: Callable[[], str], node: cst.BaseExpression) -> cst.BaseExpression:
    """An expression that gives a text, as one that gives it with `ending` behind it.

    A literal takes it in, and keeps its quotes; of adjacent literals, the last one. A name goes
    into an f-string with it, and behind anything else it is added with `+`.

    Args:
        ending: the inside of an f-string, without quotes and backslashes: `-{self.account}`.
        quote: asked for the quote, where a new f-string is needed.
        node: the expression.
    """
    import libcst as cst

    if isinstance(node, cst.ConcatenatedString):
        return node.with_changes(right=appended(ending, quote, node.right))
    if isinstance(node, cst.SimpleString | cst.FormattedString):
        code = _with_ending(cst.Module(body=()).code_for_node(_bare(node)), ending)
        return cst.parse_expression(code).with_changes(lpar=node.lpar, rpar=node.rpar)
    mark = quote()
    if isinstance(node, cst.Name) and not node.lpar:
        return cst.parse_expression(f"f{mark}{{{node.value}}}{ending}{mark}")
    if not node.lpar and isinstance(
        node, cst.IfExp | cst.BooleanOperation | cst.NamedExpr | cst.Lambda | cst.Await
    ):
        node = node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return cst.BinaryOperation(
        left=node,
        operator=cst.Add(),
        right=cst.parse_expression(f"f{mark}{ending}{mark}"),
    )


def _bare(node: cst.SimpleString | cst.FormattedString) -> cst.SimpleString | cst.FormattedString:
    return node.with_changes(lpar=[], rpar=[])


def _with_ending(literal: str, ending: str) -> str:
    """A string literal's code as that of an f-string with an ending."""
    quoted = literal.lstrip(string.ascii_letters)
    prefix = literal[: len(literal) - len(quoted)]
    mark = quoted[:3] if quoted.startswith(("'''", '"""')) else quoted[0]
    body = quoted[len(mark) : -len(mark)]
    if "f" not in prefix.lower():
        body = body.replace("{", "{{").replace("}", "}}")
        prefix = "f" + prefix.replace("u", "").replace("U", "")
    return f"{prefix}{mark}{body}{ending}{mark}"
