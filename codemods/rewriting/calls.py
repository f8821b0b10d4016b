"""Changes of calls as libcst nodes: the transforms that `ReplaceExpression` is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst as cst


def literal(code: str) -> Callable[[cst.BaseExpression], cst.BaseExpression]:
    """A transform that replaces an expression by other code."""

    def transform(_: cst.BaseExpression) -> cst.BaseExpression:
        import libcst as cst

        return cst.parse_expression(code)

    return transform


def with_attribute(name: str) -> Callable[[cst.BaseExpression], cst.BaseExpression]:
    """A transform that reads another attribute of the same object."""

    def transform(node: cst.BaseExpression) -> cst.BaseExpression:
        import libcst as cst

        return cst.ensure_type(node, cst.Attribute).with_changes(attr=cst.Name(name))

    return transform


def with_value(
    name: str, code: str, comment: Callable[[str], str] | None = None
) -> Callable[[cst.BaseExpression], cst.BaseExpression]:
    """A transform that gives a keyword argument of a call another value.

    Args:
        name: the keyword.
        code: the new value.
        comment: what becomes of the comment behind the argument, on its line.
    """

    def transform(node: cst.BaseExpression) -> cst.BaseExpression:
        import libcst as cst

        call = cst.ensure_type(node, cst.Call)
        arguments = []
        for found in call.args:
            argument = found
            if argument.keyword is not None and argument.keyword.value == name:
                argument = argument.with_changes(value=cst.parse_expression(code))
                argument = _recommented(argument, comment) if comment else argument
            arguments.append(argument)
        return call.with_changes(args=arguments)

    return transform


def _recommented(argument: cst.Arg, comment: Callable[[str], str]) -> cst.Arg:
    """The argument with the comment on its line changed; it stands behind the comma, if any."""
    import libcst as cst

    comma = argument.comma
    place = (
        comma.whitespace_after if isinstance(comma, cst.Comma) else argument.whitespace_after_arg
    )
    if not isinstance(place, cst.ParenthesizedWhitespace) or place.first_line.comment is None:
        return argument
    old = place.first_line.comment
    changed = place.with_deep_changes(old, value=comment(old.value))
    if isinstance(comma, cst.Comma):
        return argument.with_changes(comma=comma.with_changes(whitespace_after=changed))
    return argument.with_changes(whitespace_after_arg=changed)
