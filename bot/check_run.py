"""The check run: every finding as an annotation, and the buttons."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from bot import markdown
from bot.events import FIX_ALL, FIX_PR, FIX_SAFE
from bot.report import Placed, Report
from bot.words import CANNOT_PUSH, count, offer, problems, sentence
from codemods import Level, Safety

NAME = "cdk-medic"
ANNOTATIONS_A_REQUEST = 50


def conclusion(report: Report) -> str:
    """`success` where nothing was found and everything was read, else `neutral`: nobody is blocked.

    An incomplete look is no success either. It is `failure` only for what the repository wants to
    fail.
    """
    if report.failing:
        return "failure"
    return "neutral" if report.findings or report.problems or report.notes else "success"


def title(report: Report) -> str:
    """One line for the list of checks."""
    levels = [placed.finding.level for placed in report.findings]
    if not levels:
        return (
            count(len(report.problems), "file") + " not analysed"
            if report.problems
            else ("No findings")
        )
    each = [
        f"{levels.count(level)} {level.label}"
        for level in sorted(Level, reverse=True)
        if level in levels
    ]
    return f"{count(len(levels), 'finding')}: {', '.join(each)}"


def summary(report: Report) -> str:
    """The text above the annotations."""
    parts = []
    if report.findings:
        safe, unsafe = len(report.fixable(Safety.SAFE)), len(report.fixable(Safety.UNSAFE))
        advisories = len(report.findings) - len(report.new) - len(report.old)
        parts.append(
            f"{count(len(report.new), 'new finding')}, {len(report.old)} from before, "
            f"{count(advisories, 'advisory')}."
        )
        if report.failing and report.fail_on is not None:
            parts.append(
                f"{count(len(report.failing), 'new finding')} of level {report.fail_on.label} or "
                "above: `pull-request.fail-on` makes the check fail."
            )
        if not report.pushable and not report.reticent:
            also = " The safe fixes are also a patch, in the summary." if report.patch else ""
            parts.append(CANNOT_PUSH + also)
        elif (safe or unsafe) and not report.reticent:
            one = "" if report.from_fork else ", or propose them in one of their own"
            parts.append(
                f"The buttons commit fixes to the branch of this pull request{one}, and so does a "
                f"comment: {offer(safe, unsafe)} `/fix help` shows all commands."
            )
    else:
        parts.append("Nothing was found in the CDK files that this pull request changes.")
    parts += [markdown.text(note) for note in (*report.notes, *report.remarks)]
    if report.problems:
        parts.append("Not analysed:\n" + problems(report.problems))
    return markdown.cut("\n\n".join(parts) + "\n", "")


def actions(report: Report) -> list[dict[str, str]]:
    """The buttons (GitHub: label and identifier at most 20 characters, description 40)."""
    buttons: list[dict[str, str]] = []
    if report.reticent or not report.pushable:
        return buttons
    if report.fixable(Safety.SAFE):
        buttons.append(
            {
                "label": "Fix safe findings",
                "identifier": FIX_SAFE,
                "description": "Commit the fixes that are safe.",
            }
        )
    if report.fixable(Safety.UNSAFE):
        buttons.append(
            {
                "label": "Fix all findings",
                "identifier": FIX_ALL,
                "description": "Commit every fix, unsafe ones too.",
            }
        )
    if report.fixable(Safety.SAFE) and not report.from_fork:
        buttons.append(
            {
                "label": "Open a fix PR",
                "identifier": FIX_PR,
                "description": "Propose the safe fixes as a pull request",
            }
        )
    return buttons


def annotate(report: Report) -> list[dict[str, Any]]:
    """One annotation a finding, gravest first, in the shape that GitHub takes."""
    return [_annotation(placed) for placed in report.findings]


def batches(items: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """At most fifty a request; one empty batch where there is nothing."""
    yield items[:ANNOTATIONS_A_REQUEST]
    rest = iter(items[ANNOTATIONS_A_REQUEST:])
    while batch := list(itertools.islice(rest, ANNOTATIONS_A_REQUEST)):
        yield batch


def body(report: Report, notes: list[dict[str, Any]], *, last: bool) -> dict[str, Any]:
    """A request with one batch of annotations; the last one completes the check run."""
    output = {"title": title(report), "summary": summary(report), "annotations": notes}
    if not last:
        return {"status": "in_progress", "output": output}
    return {
        "status": "completed",
        "conclusion": conclusion(report),
        "actions": actions(report),
        "output": output,
    }


def _annotation(placed: Placed) -> dict[str, Any]:
    finding = placed.finding
    if placed.was_here or finding.level is Level.LOW:
        level = "notice"
    else:
        level = "failure" if finding.level is Level.CRITICAL else "warning"
    if finding.fix is None:
        fix = f"No automatic fix: {sentence(finding.refusal)}"
    else:
        fix = f"{sentence(finding.fix.title)} {finding.fix.safety.value.capitalize()}: "
        fix += sentence(finding.fix.reason)
    message = [sentence(finding.message), fix, f"See {finding.documentation}"]
    annotation: dict[str, Any] = {
        "path": finding.path,
        "start_line": finding.start.line,
        "end_line": max(finding.start.line, finding.end.line),
        "annotation_level": level,
        "title": f"{finding.rule} ({finding.level.label})",
        "message": "\n".join(markdown.plain(line, 4000) for line in message),
    }
    if finding.start.line == finding.end.line:
        annotation |= {"start_column": finding.start.column, "end_column": finding.end.column}
    return annotation
