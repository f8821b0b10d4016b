"""One argument of a call fewer, with the others' layout and every comment left as they are."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass

from codemods.code.module import Module
from codemods.rewriting.kinds import UnrewritableError, checked_slice
from codemods.rule import Edit


@dataclass(frozen=True)
class RemoveArgument:
    """Pass a keyword argument no longer."""

    call: ast.Call
    keyword: ast.keyword

    def edits(self, module: Module) -> Sequence[Edit]:
        """See `Rewrite.edits`."""
        checked_slice(module, self.call)
        source = module.source
        start, end = source.span(self.keyword)
        positional = [source.span(item) for item in self.call.args]
        items = sorted([*positional, *(source.span(item) for item in self.call.keywords)])
        index = items.index((start, end))
        last = index + 1 == len(items)
        limit = source.span(self.call)[1] - 1 if last else items[index + 1][0]
        behind = _comma(source.slice(end, limit))
        after = end if behind is None else end + behind + 1
        if _has_comment(source.slice(start, after)):
            raise UnrewritableError("a comment stands inside the argument")
        (line_start, _), (_, line_end) = (
            source.line_span(source.position(offset).line) for offset in (start, after)
        )
        left, right = source.slice(line_start, start), source.slice(after, line_end)
        if not left.strip() and re.fullmatch(r"\s*(#.*)?", right):
            if right.strip():
                return [Edit(start, after + len(right) - len(right.lstrip()), "")]
            return [Edit(line_start, line_end + len(_newline(source.slice(line_end, limit))), "")]
        if not last:
            spaces = len(left) - len(left.rstrip())
            own_line = re.match(r"\s*(#|\r?\n)", source.slice(after, limit))
            return [Edit(start - spaces, after, "") if own_line else Edit(start, limit, "")]
        before = items[index - 1][1] if index else start
        between = source.slice(before, start)
        comma = _comma(between)
        if "#" in between or comma is None:
            return [Edit(start, after, "")]
        # of the two commas around the argument, the one that the others' layout needs stays
        first = before + comma
        return [Edit(first, end, "") if behind is None else Edit(first + 1, after, "")]


def _has_comment(argument: str) -> bool:
    """Whether an argument, its comma included, has a comment inside."""
    lines = io.StringIO(f"({argument})")
    return any(token.type == tokenize.COMMENT for token in tokenize.generate_tokens(lines.readline))


def _comma(text: str) -> int | None:
    """Where the comma between two arguments stands, in bytes; comments are no place for it."""
    for match in re.finditer(r"#[^\r\n]*|,", text):
        if match[0] == ",":
            return len(text[: match.start()].encode())
    return None


def _newline(text: str) -> str:
    match = re.match(r"\r?\n", text)
    return match[0] if match else ""
