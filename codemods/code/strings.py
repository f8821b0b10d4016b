"""What is known of a text that code puts together: its fixed parts, and what it takes from where.

Every way of putting one together is followed: names with one assignment, f-strings, `+`, `%`,
`.format`, `.join`, other methods of strings, slices, alternatives, and `Fn.join` and `Fn.sub`.
"""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Sequence
from dataclasses import dataclass, field

from codemods.code.module import Module, argument

_DEPTH = 50  # expressions in expressions, and names of names, are followed so far
_PARTS = 500  # so many parts are looked at, however often names repeat
_PERCENT = re.compile(r"%(?:\((?P<key>[^)]*)\))?[-#0 +]*(?:\d+|\*)?(?:\.\d+)?(?P<kind>[a-zA-Z%])")
_SUBSTITUTED = re.compile(r"(\$\{[^}]*\})")
_DIGITS = {"", *map(str, range(100))}
_CHANGING = {
    *("lower", "upper", "casefold", "capitalize", "title", "swapcase"),
    *("strip", "lstrip", "rstrip", "replace", "removeprefix", "removesuffix", "zfill"),
}


@dataclass(frozen=True)
class Choice:
    """A part for which the code chooses between several texts."""

    node: ast.expr
    texts: tuple[Text, ...]


@dataclass
class Text:
    """A text as far as it is known.

    Attributes:
        pieces: in order, the fixed parts as str, choices, and what is not known as expressions.
        changed: a method makes another text of it, so that the pieces are not the result's.
        sliced: only a part of it is used. That a part of a text is sliced does not count.
        absent: it is None.
    """

    pieces: list[str | Choice | ast.expr] = field(default_factory=list)
    changed: bool = False
    sliced: bool = False
    absent: bool = False

    @property
    def fixed(self) -> str:
        """The fixed parts, one after the other; of the choices, the longest."""
        return "".join(
            piece
            if isinstance(piece, str)
            else max((text.fixed for text in piece.texts), key=len)
            if isinstance(piece, Choice)
            else ""
            for piece in self.pieces
        )

    @property
    def shown(self) -> str:
        """The text as an f-string would spell it: `payment-logs-{suffix}`."""
        nodes = [piece.node if isinstance(piece, Choice) else piece for piece in self.pieces]
        return "".join(
            node if isinstance(node, str) else f"{{{ast.unparse(node)}}}" for node in nodes
        )

    @property
    def unknown(self) -> list[ast.expr]:
        """What is not known, that of choices included."""
        found: list[ast.expr] = []
        for piece in self.pieces:
            if isinstance(piece, Choice):
                found += [node for text in piece.texts for node in text.unknown]
            elif not isinstance(piece, str):
                found.append(piece)
        return found

    @property
    def outcomes(self) -> tuple[Text, ...]:
        """The texts that it may be as a whole: itself, or what a choice is between."""
        if len(self.pieces) == 1 and isinstance(self.pieces[0], Choice):
            return tuple(end for text in self.pieces[0].texts for end in text.outcomes)
        return (self,)

    def add(self, other: Text) -> None:
        """Put another text behind this one."""
        self.pieces += other.pieces
        self.changed |= other.changed


def text_of(module: Module, node: ast.expr | None) -> Text:
    """What is known of the text that an expression gives."""
    return Text() if node is None else _Reader(module).read(node, _DEPTH)


class _Reader:
    def __init__(self, module: Module) -> None:
        self._names = module.names
        self._left = _PARTS

    def read(self, node: ast.expr, depth: int) -> Text:
        self._left -= 1
        if depth == 0 or self._left < 0:
            return Text([node])
        depth -= 1
        match node:
            case ast.Constant():
                return Text(absent=True) if node.value is None else Text([str(node.value)])
            case ast.JoinedStr():
                values = [
                    part.value if isinstance(part, ast.FormattedValue) else part
                    for part in node.values
                ]
                return self._joined(values, depth)
            case ast.BinOp(op=ast.Add()):
                return self._joined(_terms(node), depth)
            case ast.BinOp(left=template, op=ast.Mod(), right=given):
                return self._percent(template, given, depth)
            case ast.IfExp(body=one, orelse=other):
                return self._choice(node, [one, other], depth)
            case ast.BoolOp(values=values):
                return self._choice(node, values, depth)
            case ast.Subscript(value=whole, slice=ast.Slice()):
                text = self.read(whole, depth)
                text.sliced = True
                return text
            case ast.Call():
                return self._called(node, depth)
        return self._followed(node, depth)

    def _choice(self, node: ast.expr, between: list[ast.expr], depth: int) -> Text:
        return Text([Choice(node, tuple(self.read(value, depth) for value in between))])

    def _followed(self, node: ast.expr, depth: int) -> Text:
        value = self._names.value(node)
        return Text([node]) if value is node or value is None else self.read(value, depth)

    def _joined(self, values: Sequence[ast.expr], depth: int) -> Text:
        text = Text()
        for value in values:
            text.add(self.read(value, depth))
        return text

    def _called(self, call: ast.Call, depth: int) -> Text:
        name = self._names.qualified(call.func)
        if name == "aws_cdk.Fn.join" and len(call.args) == 2:
            return self._join(call.args[0], call.args[1], depth)
        if name == "aws_cdk.Fn.sub" and call.args:
            template = self._names.string(call.args[0]) or ""
            parts = [part for part in _SUBSTITUTED.split(template) if part]
            return Text([call if part.startswith("${") else part for part in parts])
        if isinstance(call.func, ast.Name) and call.func.id == "str" and len(call.args) == 1:
            return self.read(call.args[0], depth)
        if not isinstance(call.func, ast.Attribute):
            return self._followed(call, depth)
        method, whole = call.func.attr, call.func.value
        if method == "format":
            return self._format(call, whole, depth)
        if method == "join" and len(call.args) == 1:
            return self._join(whole, call.args[0], depth)
        if method in _CHANGING:
            text = self.read(whole, depth)
            text.changed = True
            return text
        return self._followed(call, depth)

    def _join(self, separator: ast.expr, items: ast.expr, depth: int) -> Text:
        if not isinstance(items, ast.List | ast.Tuple):
            return Text([*self.read(separator, depth).pieces, items])
        between = [separator] * (2 * len(items.elts) - 1)
        between[::2] = items.elts
        return self._joined(between, depth)

    def _format(self, call: ast.Call, template: ast.expr, depth: int) -> Text:
        """The text of `template.format(…)`; what is not found there is the whole call."""
        text = Text()
        try:
            fields = list(string.Formatter().parse(self._names.string(template) or ""))
        except ValueError:
            return Text([call])
        for index, (fixed, name, _, _) in enumerate(fields):
            text.add(Text([fixed] if fixed else []))
            if name is None:
                continue
            position = int(name or index) if name in _DIGITS else None
            given = argument(call, name, position)
            text.add(Text([call]) if given is None else self.read(given, depth))
        return text

    def _percent(self, template: ast.expr, given: ast.expr, depth: int) -> Text:
        """The text of `template % given`; what is not found there is all that is given."""
        fixed = self._names.string(template) or ""
        values = list(given.elts) if isinstance(given, ast.Tuple) else [given]
        if isinstance(given, ast.Dict):
            keys = [key and self._names.string(key) for key in given.keys]
            named = dict(zip(keys, given.values, strict=True))
        else:
            named = {}
        text, end = Text(), 0
        for found in _PERCENT.finditer(fixed):
            text.add(Text([fixed[end : found.start()]]))
            end = found.end()
            if found["kind"] == "%":
                text.add(Text(["%"]))
                continue
            value = named.get(found["key"]) if found["key"] else next(iter(values), None)
            values = values[1:]
            text.add(Text([given]) if value is None else self.read(value, depth))
        text.add(Text([fixed[end:]]))
        return text


def _terms(node: ast.BinOp) -> list[ast.expr]:
    """The terms of a chain of `+`, in order."""
    terms: list[ast.expr] = []
    left: ast.expr = node
    while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add):
        terms.append(left.right)
        left = left.left
    return [left, *reversed(terms)]
