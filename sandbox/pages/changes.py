"""Changed files, hunk by hunk, with the threads and annotations under the lines they are about."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.diff import FileDiff
from sandbox.git import Git
from sandbox.pages.lines import Line, Lines
from sandbox.pages.threads import Thread
from sandbox.state import Annotation, CheckRun


@dataclass(frozen=True)
class Remarked:
    """An annotation and the check run that made it."""

    run: CheckRun
    annotation: Annotation


@dataclass(frozen=True)
class Row:
    """A line of a hunk and what is said below it."""

    line: Line
    threads: tuple[Thread, ...]
    annotations: tuple[Remarked, ...]


@dataclass(frozen=True)
class ShownHunk:
    """A hunk with its "@@" line."""

    header: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class ShownFile:
    """A changed file; `elsewhere` are annotations on lines that the diff does not show."""

    diff: FileDiff
    anchor: str
    hunks: tuple[ShownHunk, ...]
    elsewhere: tuple[Remarked, ...]


def anchor(path: str) -> str:
    """Return the fragment of a file's place on the page, made as GitHub makes it."""
    return f"diff-{hashlib.sha256(path.encode(errors='surrogateescape')).hexdigest()}"


def annotations_of(runs: Iterable[CheckRun]) -> list[Remarked]:
    """Return the annotations of check runs, in their order."""
    return [Remarked(run, annotation) for run in runs for annotation in run.annotations]


def unchanged(changes: Iterable[FileDiff], remarked: Iterable[Remarked]) -> list[Remarked]:
    """Return the annotations of files that the diff has no lines of."""
    paths = {row.path for row in changes}
    return [it for it in remarked if it.annotation.path not in paths]


def shown_files(
    lines: Lines,
    git: Git,
    commits: tuple[str, str],
    threads: Iterable[Thread] = (),
    remarked: Iterable[Remarked] = (),
) -> list[ShownFile]:
    """Return the files of a comparison; threads that the diff no longer shows are left out."""
    by_path: dict[str, list[Thread]] = defaultdict(list)
    for thread in threads:
        by_path[thread.first.path].append(thread)
    said: dict[str, list[Remarked]] = defaultdict(list)
    for it in remarked:
        said[it.annotation.path].append(it)
    found = []
    for row in git.diff(*commits):
        paths = row.previous_path or row.path, row.path
        coloured = [
            (hunk.header, lines.of_diff(git, commits, paths, hunk.lines)) for hunk in row.hunks
        ]
        found.append(_file(row, coloured, by_path[row.path], said[row.path]))
    return found


def _file(
    row: FileDiff,
    coloured: list[tuple[str, tuple[Line, ...]]],
    threads: list[Thread],
    remarked: list[Remarked],
) -> ShownFile:
    hunks = [
        ShownHunk(
            header, tuple(Row(x, _threads_at(threads, x), _said_at(remarked, x)) for x in lines)
        )
        for header, lines in coloured
    ]
    shown = {line.new for _, lines in coloured for line in lines}
    elsewhere = tuple(it for it in remarked if it.annotation.end_line not in shown)
    return ShownFile(row, anchor(row.path), tuple(hunks), elsewhere)


def _threads_at(threads: list[Thread], line: Line) -> tuple[Thread, ...]:
    return tuple(
        thread
        for thread in threads
        if thread.first.line is not None
        and thread.first.line == (line.new if thread.first.side == "RIGHT" else line.old)
    )


def _said_at(remarked: list[Remarked], line: Line) -> tuple[Remarked, ...]:
    if line.new is None:
        return ()
    return tuple(it for it in remarked if it.annotation.end_line == line.new)
