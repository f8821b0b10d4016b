"""IAM policy statements as code, laid out as the file is."""

from __future__ import annotations

from collections.abc import Sequence

from codemods.code.layout import line_limit, quoted, width
from codemods.code.module import Module
from codemods.rewriting.kinds import indent_unit


def statement(
    module: Module,
    kind: tuple[str, str],
    actions: Sequence[str],
    resources: Sequence[str],
    indent: str,
) -> list[str]:
    """The lines of a `PolicyStatement(…)`, relative to the line that it begins on.

    Args:
        module: the file.
        kind: the code that means the statement's class, and the code of its effect.
        actions: the actions, as text.
        resources: the resources, as code.
        indent: the indentation of the line that it begins on, as the file writes it.
    """
    inner = width(indent) + width(indent_unit(module))
    room = line_limit(module) - inner
    return [
        f"{kind[0]}(",
        f"    effect={kind[1]},",
        *_listed("actions", [quoted(module, action) for action in actions], room),
        *_listed("resources", resources, room),
        ")",
    ]


def _listed(name: str, items: Sequence[str], room: int) -> list[str]:
    """A list as an argument: on one line where that fits, else one item a line."""
    line = f"{name}=[{', '.join(items)}],"
    if width(line) <= room:
        return [f"    {line}"]
    return [f"    {name}=[", *(f"        {item}," for item in items), "    ],"]


def nested(before: str, lines: Sequence[str], after: str) -> list[str]:
    """Lines with text before the first and behind the last."""
    first, *middle, last = lines
    return [f"{before}{first}", *middle, f"{last}{after}"]


def indented(lines: Sequence[str]) -> list[str]:
    """Lines, one step further in."""
    return [f"    {line}" for line in lines]
