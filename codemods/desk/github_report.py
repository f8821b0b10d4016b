"""Findings as workflow commands, which GitHub Actions turns into annotations on the changed files.

The format: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from codemods.desk.outcome import Outcome, Remark
from codemods.desk.terminal import visible
from codemods.rule import Finding, Level

_COMMANDS = {
    Level.CRITICAL: "error",
    Level.HIGH: "error",
    Level.MEDIUM: "warning",
    Level.LOW: "notice",
}


def commands(outcome: Outcome) -> Iterator[str]:
    """The commands, a line each."""
    yield from (_finding(finding) for finding in outcome.findings)
    yield from (_remark("error", "not analysed", remark) for remark in outcome.troubles)
    yield from (_remark("notice", "unused ignore", remark) for remark in outcome.notes)


def _finding(finding: Finding) -> str:
    start, end = finding.start, finding.end
    place: dict[str, str | int] = {"line": start.line, "endLine": end.line}
    if start.line == end.line:  # the runner refuses columns of what spans several lines
        place |= {"col": start.column, "endColumn": end.column}
    title = f"{finding.rule} ({finding.level.label})"
    text = (finding.message, _way_out(finding), finding.documentation)
    return _command(_COMMANDS[finding.level], finding.path, place, title, *text)


def _way_out(finding: Finding) -> str:
    if finding.fix is None:
        return f"No fix: {finding.refusal}"
    fix = finding.fix
    return f"{fix.safety.value.capitalize()} fix: {fix.title.rstrip('.')}. {fix.reason}"


def _remark(command: str, title: str, remark: Remark) -> str:
    place: dict[str, str | int] = {"line": remark.line} if remark.line else {}
    return _command(command, remark.path, place, title, remark.sentence)


def _command(command: str, path: str, place: dict[str, str | int], title: str, *text: str) -> str:
    message = "\n\n".join(visible(paragraph) for paragraph in text)
    properties = {"file": _from_workspace(path), **place, "title": title}
    written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{command} {written}::{_data(message)}"


def _from_workspace(path: str) -> str:
    """The path as the runner looks for it, wherever in the checkout the step runs."""
    workspace = os.environ.get("GITHUB_WORKSPACE")
    inside = os.path.relpath(path, workspace) if workspace else path
    return path if inside.startswith(os.pardir) else inside


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
