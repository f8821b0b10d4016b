"""`cdk-medic exceptions`: every ignore comment, for whoever has to answer for them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from codemods import ignores
from codemods.code.source import Source
from codemods.desk.report import counted
from codemods.desk.run import Request, Run
from codemods.desk.terminal import Terminal, terminal, visible
from codemods.engine import analyse
from codemods.ignores import Ignore

_SECONDS = 60
_HEAD = re.compile(r"([0-9a-f]{40}) \d+ (\d+)")
_FIELDS = ("path", "line", "rules", "scope", "reason", "until", "state", "author", "since")


@dataclass(frozen=True, slots=True)
class Entry:
    """One ignore comment.

    Attributes:
        path: the file.
        line: the comment's, 1-based.
        rules: the rules that it names.
        scope: "file" or "line".
        reason: what the comment says.
        until: the last day on which it holds, as an ISO date; empty for ever.
        state: "in use", "unused", or what is wrong with it, such as that it expired.
        author: who wrote the line last, by git; empty where git does not know.
        since: the day of that, as an ISO date.
    """

    path: str
    line: int
    rules: tuple[str, ...]
    scope: str
    reason: str
    until: str
    state: str
    author: str = ""
    since: str = ""


def exceptions(request: Request, form: str) -> int:
    """Print the list in one of the forms "text", "csv" and "json", and give the exit code."""
    run = Run(request)
    found: list[Entry] = []
    for path, data, identity, policy in run.each_file("Reading"):
        if not ignores.may_occur(data):
            continue
        analysis = analyse(data, identity, policy)
        if analysis.problem:
            run.trouble(path, analysis.problem)
            continue
        notes = dict(analysis.unused_ignores)
        comments = ignores.listed(Source(data).text, dt.datetime.now(tz=dt.UTC).date())
        found += blamed(path, [_entry(path, each, notes) for each in comments])
    print(_rendered(found, form), end="")
    return 2 if run.outcome.troubles else 0


def _entry(path: str, ignore: Ignore, notes: Mapping[int, str]) -> Entry:
    return Entry(
        path=path,
        line=ignore.line,
        rules=tuple(sorted(ignore.rules)),
        scope="file" if ignore.whole_file else "line",
        reason=ignore.reason,
        until=ignore.until.isoformat() if ignore.until else "",
        state=notes.get(ignore.line, "in use"),
    )


def blamed(path: str, entries: Sequence[Entry]) -> list[Entry]:
    """The entries of one file, each with who wrote its line last and when, where git knows it."""
    if not entries:
        return []
    lines = [f"-L{entry.line},{entry.line}" for entry in entries]
    command = ["git", "-C", os.path.dirname(path) or ".", "blame", "--porcelain", *lines, "--"]
    try:
        answer = subprocess.run(  # noqa: S603 (a fixed program; the arguments are no shell's)
            [*command, os.path.basename(path)],
            capture_output=True,
            check=True,
            timeout=_SECONDS,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"},
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return list(entries)
    known = _authors(answer.decode(errors="replace"))
    return [
        replace(entry, author=author, since=since)
        for entry in entries
        for author, since in [known.get(entry.line, ("", ""))]
    ]


def _authors(porcelain: str) -> dict[int, tuple[str, str]]:
    """By line, the author and the day, from `git blame --porcelain`: a commit is told of once."""
    authors: dict[str, str] = {}
    days: dict[str, str] = {}
    lines: dict[int, str] = {}
    commit = ""
    for text in porcelain.splitlines():
        head = _HEAD.match(text)
        key, _, value = text.partition(" ")
        if head:
            commit = head[1]
            lines[int(head[2])] = commit
        elif key == "author":
            authors[commit] = value
        elif key == "author-time":
            days[commit] = dt.datetime.fromtimestamp(int(value), tz=dt.UTC).date().isoformat()
    committed = {line: name for line, name in lines.items() if name.strip("0")}
    return {line: (authors[name], days[name]) for line, name in committed.items()}


def _rendered(entries: Sequence[Entry], form: str) -> str:
    if form == "json":
        return json.dumps([asdict(entry) for entry in entries], indent=2) + "\n"
    if form == "csv":
        table = io.StringIO()
        writer = csv.DictWriter(table, _FIELDS, lineterminator="\n")
        writer.writeheader()
        for entry in entries:
            row = asdict(entry) | {"rules": " ".join(entry.rules)}
            writer.writerow({key: _harmless(str(value)) for key, value in row.items()})
        return table.getvalue()
    return "".join(f"{line}\n" for line in _text(entries, terminal(sys.stdout)))


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell


def _text(entries: Sequence[Entry], looks: Terminal) -> Iterator[str]:
    for entry in entries:
        place = looks.style(visible(f"{entry.path}:{entry.line}"), "bold")
        whole = " (whole file)" if entry.scope == "file" else ""
        yield f"{place} {visible(', '.join(entry.rules))}{whole}"
        yield looks.wrapped(entry.reason or "no reason given", "  ")
        facts = [f"until {entry.until}" if entry.until else "for ever"]
        if entry.author:
            facts.append(f"{entry.author}, {entry.since}")
        colour = "green" if entry.state == "in use" else "yellow"
        yield f"  {looks.style(visible(entry.state), colour)}; {visible('; '.join(facts))}"
    files = len({entry.path for entry in entries})
    yield f"{counted(len(entries), 'exception')} in {counted(files, 'file')}."
