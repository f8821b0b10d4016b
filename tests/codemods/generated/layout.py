"""How code is laid out: lines, indentation, commas, and comments in odd places."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from tests.codemods.generated.code import (
    Around,
    Call,
    Cdk,
    Entries,
    Expression,
    Items,
    Line,
    Program,
    Statement,
)
from tests.codemods.generated.drawing import Choose
from tests.codemods.generated.spelling import Imports

# what may stand in a comment and once looked like the end of a line, a string or a call
_ODD = (
    "",
    " größer 日本",
    ' "',
    " '",
    " )",
    ",",
    " \\",
    " \u2028 \x0c \x85 line",
    ' f"{',
    " # NAT",
)
_ABOVE = ("", "", "", "blank", "comment", "page")


class Writer:
    """Writes one file.

    Args:
        imports: the file's imports.
        choose: decides about the layout.
    """

    def __init__(self, imports: Imports, choose: Choose) -> None:
        self._imports = imports
        self._choose = choose
        self._unit = choose("    ", "  ", "        ", "\t")
        self._numbers = itertools.count(1)

    def write(self, program: Program) -> bytes:
        """The whole file."""
        body = [line for item in program.statements for line in self._statement(item, "")]
        head = [
            line for begin, names in self._imports.lines() for line in self._import(begin, names)
        ]
        opening = self._choose(
            [], ['"""Stacks.', "", '    größer: "quoted"', '"""', ""], ["#!/bin/sh"]
        )
        text = "\n".join([*opening, *head, *self._above(""), *body])
        text += self._choose("\n", "", "\n\n", f"\n{self._comment()}")
        newline = self._choose("\n", "\r\n")
        mark = self._choose(b"", b"\xef\xbb\xbf")
        return bytes(mark + text.replace("\n", newline).encode())

    def _comment(self) -> str:
        return f"# kept {next(self._numbers)}{self._choose(*_ODD)}"

    def _behind(self) -> str:
        """What stands behind code on its line."""
        if self._choose(False, False, False, False, True):
            return self._choose("  ", " ", "") + self._comment()
        return str(self._choose("", "", "", " "))

    def _above(self, indent: str) -> list[str]:
        """What stands above a statement."""
        match self._choose(*_ABOVE):
            case "blank":
                return [self._choose("", indent, "   ")]
            case "comment":
                return [self._choose(indent, "") + self._comment()]
            case "page":
                return ["\x0c"]
        return []

    def _import(self, begin: str, names: tuple[str, ...]) -> Iterator[str]:
        if not names:
            yield begin.rstrip() + self._behind()
        elif names == ("*",):
            yield begin + "*" + self._behind()
        else:
            match self._choose("line", "line", "parentheses", "exploded", "backslash"):
                case "line":
                    yield begin + ", ".join(names) + self._behind()
                case "backslash":
                    yield begin + "\\\n" + self._unit + ", ".join(names) + self._behind()
                case "parentheses":
                    yield f"{begin}({', '.join(names)}{self._choose('', ',')}){self._behind()}"
                case _:
                    yield begin + self._exploded("(", names, ")", "") + self._behind()

    def _statement(self, statement: Statement, indent: str) -> list[str]:
        above = self._above(indent)
        if isinstance(statement, Line):
            return [*above, indent + self._line(statement, indent) + self._behind()]
        lines = [
            *above,
            *(indent + decorator + self._behind() for decorator in statement.decorators),
        ]
        lines.append(f"{indent}{self._expression(statement.header, indent)}:{self._behind()}")
        for item in statement.body:
            lines += self._statement(item, indent + self._unit)
        return lines

    def _line(self, line: Line, indent: str) -> str:
        code = self._expression(line.value, indent)
        if line.before.endswith(" = ") and isinstance(line.value, Call):
            inner = indent + self._unit
            match self._choose("", "", "", "", "backslash", "parentheses", "spaces"):
                case "backslash":
                    return f"{line.before}\\\n{inner}{code}{line.after}"
                case "parentheses":
                    return f"{line.before}(\n{inner}{code}\n{indent}){line.after}"
                case "spaces":
                    return f"{line.before.replace(' = ', '=')}{code}{line.after}"
        return line.before + code + line.after

    def _expression(self, value: Expression, indent: str) -> str:
        match value:
            case Cdk():
                return self._imports.spell(value)
            case Around():
                return value.before + self._expression(value.value, indent) + value.after
            case Items():
                return self._bracketed("[", [("", item) for item in value.items], "]", indent)
            case Entries():
                pairs = [(f'"{key}": ', item) for key, item in value.entries]
                return self._bracketed("{", pairs, "}", indent)
            case Call():
                equals = self._choose("=", "=", "=", " = ")
                items = [
                    (f"{argument.name}{equals}" if argument.name else "", argument.value)
                    for argument in value.arguments
                ]
                gap = self._choose("", "", "", " ")
                callee = self._expression(value.callee, indent)
                return callee + gap + self._bracketed("(", items, ")", indent)
            case _:
                return value

    def _bracketed(
        self, opening: str, items: list[tuple[str, Expression]], closing: str, indent: str
    ) -> str:
        if not items:
            return opening + closing
        inner = indent + self._unit
        way = self._choose("exploded", "line", "exploded", "hugging", "ragged", "spaced")
        pieces = [before + self._value(value, inner) for before, value in items]
        comma = self._choose("", "", ",")
        match way:
            case "line":
                return f"{opening}{', '.join(pieces)}{comma}{closing}"
            case "spaced":
                return f"{opening} {' , '.join(pieces)} {comma} {closing}"
            case "ragged":
                gaps = [self._choose(", ", ",", ",\n" + inner, f" ,\n{indent}  ") for _ in pieces]
                text = "".join(piece + gap for piece, gap in zip(pieces, gaps, strict=True))
                return opening + re.sub(r"\s*,\s*\Z", comma, text) + closing
            case "hugging":
                first, *others = pieces
                ends = [self._choose("", "", "  " + self._comment()) for _ in others]
                rest = "".join(f",{end}\n{inner}{it}" for end, it in zip(ends, others, strict=True))
                return opening + first + rest + comma + closing
        return self._exploded(opening, pieces, closing, indent)

    def _value(self, value: Expression, indent: str) -> str:
        code = self._expression(value, indent)
        if self._choose(False, *[False] * 9, True) and "*" not in code[:2]:
            return f"({code})"
        return code

    def _exploded(
        self, opening: str, pieces: list[str] | tuple[str, ...], closing: str, indent: str
    ) -> str:
        """One piece a line."""
        inner = indent + self._unit
        lines = [opening + self._behind()]
        for number, piece in enumerate(pieces, start=1):
            lines += self._above(inner) if self._choose(False, False, True) else []
            comma = self._choose(",", "") if number == len(pieces) else ","
            lines.append(inner + piece + comma + self._behind())
        tail = self._choose(indent, indent, inner, "hugging")
        if tail != "hugging":
            return "\n".join([*lines, tail + closing])
        hugs = "#" not in lines[-1].rpartition("\n")[2]
        return "\n".join(lines) + (closing if hugs else f"\n{closing}")
