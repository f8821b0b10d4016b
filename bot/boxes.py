"""The boxes of the summary: GitHub lets a person tick them, which edits the bot's own comment.

A box is a line of its own that ends in a hidden mark. What was ticked is the difference between the
comment before and after the edit; the commit that it is about is named by the mark that ends the
comment, which no file name or code above it can forge.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot import markdown
from bot.words import count
from codemods import Finding

_MARKER = "box"
_SAFE, _ALL = "safe", "all"
_LINE = re.compile(
    rf"^- \[(?P<tick>[xX ])\] .*<!-- cdk-medic:{_MARKER} (?P<kind>{_SAFE}|{_ALL})"
    r"(?: (?P<rule>[a-z0-9-]+))? -->\r?$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Box:
    """The fixes of one rule, or of every rule where it is ""; only safe ones or all of them."""

    rule: str
    unsafe: bool


def render(safe: Sequence[Finding], unsafe: Sequence[Finding]) -> str:
    """The task list for the findings that have a fix of either kind; "" where there are none."""
    lines = []
    if len({finding.rule for finding in safe}) > 1:
        lines.append(_line(f"all safe fixes ({len(safe)})", Box("", unsafe=False)))
    for rule in sorted({finding.rule for finding in safe}):
        number = len([finding for finding in safe if finding.rule == rule])
        label = f"{markdown.code(rule)}: {count(number, 'safe fix')}"
        lines.append(_line(label, Box(rule, unsafe=False)))
    for rule in sorted({finding.rule for finding in unsafe}):
        number = len([finding for finding in unsafe if finding.rule == rule])
        with_safe = " and the safe ones" if any(finding.rule == rule for finding in safe) else ""
        label = f"{markdown.code(rule)}: {count(number, '**unsafe** fix')}{with_safe}"
        lines.append(_line(label, Box(rule, unsafe=True)))
    return "\n".join(lines)


def newly_ticked(before: str, after: str) -> frozenset[Box]:
    """What an edit ticked."""
    return _ticked(after) - _ticked(before)


def untick(body: str) -> str:
    """The comment with every box empty again."""
    return _LINE.sub(lambda line: f"- [ ]{line[0][5:]}", body)


def _ticked(body: str) -> frozenset[Box]:
    return frozenset(
        Box(line["rule"] or "", unsafe=line["kind"] == _ALL)
        for line in _LINE.finditer(body)
        if line["tick"] != " " and (line["rule"] or line["kind"] == _SAFE)
    )


def _line(label: str, box: Box) -> str:
    words = [_ALL if box.unsafe else _SAFE, *([box.rule] if box.rule else [])]
    return f"- [ ] {label} {markdown.marker(_MARKER, *words)}"
