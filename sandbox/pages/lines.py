"""Lines of a diff in the colours that they have in their whole file."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby, takewhile

from markupsafe import Markup

from sandbox.diff import DiffLine
from sandbox.git import Git
from sandbox.pages.code import Highlighter
from sandbox.pages.marks import marked
from sandbox.pages.objects import Objects


@dataclass(frozen=True)
class Line:
    r"""A line of code; `kind` is "+", "-", " " or "\\", a number is None on the side it isn't."""

    kind: str
    old: int | None
    new: int | None
    code: Markup


class Lines:
    """Colours the lines of files, changed or whole."""

    def __init__(self, objects: Objects, highlighter: Highlighter) -> None:
        """Read files from `objects`."""
        self._objects = objects
        self._highlighter = highlighter

    def file(self, git: Git, commit: str, path: str) -> tuple[Markup, ...]:
        """Return the lines of a file at a commit; none where it isn't there."""
        text = self._objects.text(git, commit, path)
        return self._highlighter.file(text.removesuffix("\n"), path) if text else ()

    def proposed(self, text: str, path: str) -> tuple[Markup, ...]:
        """Return lines that somebody proposes for a file."""
        return self._highlighter.file(text.removesuffix("\n"), path) if text else ()

    def of_diff(
        self, git: Git, commits: tuple[str, str], paths: tuple[str, str], lines: Iterable[DiffLine]
    ) -> tuple[Line, ...]:
        """Return lines of the diff of a file between two commits, which may have renamed it."""
        old, new = (
            self.file(git, commit, path) for commit, path in zip(commits, paths, strict=True)
        )
        return _marked([_coloured(line, old, new) for line in lines])


def _coloured(line: DiffLine, old: tuple[Markup, ...], new: tuple[Markup, ...]) -> Line:
    side, number = (old, line.old) if line.kind == "-" else (new, line.new)
    known = number is not None and number <= len(side)
    return Line(
        line.kind,
        line.old,
        line.new,
        side[number - 1] if known and number else Markup.escape(line.text.strip()),
    )


def _marked(lines: list[Line]) -> tuple[Line, ...]:
    """Mark what differs where lines that were taken out are followed by as many new ones."""
    found: list[Line] = []
    for kind, group in groupby(lines, key=lambda line: line.kind):
        run = list(group)
        before = list(takewhile(lambda line: line.kind == "-", reversed(found)))[::-1]
        if kind == "+" and len(before) == len(run):
            old, new = marked([line.code for line in before], [line.code for line in run])
            pairs = zip([*before, *run], [*old, *new], strict=True)
            found[-len(before) :] = []
            run = [replace(line, code=code) for line, code in pairs]
        found += run
    return tuple(found)
