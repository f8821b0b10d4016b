"""What changes, in words: a short table, and folded below it the reasons and the diffs."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot import markdown
from bot.summary import short_paths
from bot.words import count, money, place, sentence, template, verdict
from codemods import Finding, Safety

if TYPE_CHECKING:
    from bot.pins import Pin

_ROWS_AT_MOST = 60
_PINS_AT_MOST = 30
_DETAILS_AT_MOST = 40_000  # characters, of everything that is folded
_DIFF_LINES_AT_MOST = 60  # of one file

Files = Mapping[str, tuple[bytes, bytes]]
Pins = Mapping[str, Sequence["Pin"]]
"""By a finding's fingerprint, the lines elsewhere that pin what it is about."""


def table(findings: Sequence[Finding]) -> str:
    """A row for the findings of one rule in a file, in two columns that fit a narrow screen."""
    names = short_paths({finding.path for finding in findings})
    rows: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        rows.setdefault((finding.rule, finding.path, _effects(finding)), []).append(finding)
    cells = [(_where(here, names), effects) for (_, _, effects), here in rows.items()]
    parts = [markdown.table(("finding", "fix"), cells[:_ROWS_AT_MOST])]
    if len(cells) > _ROWS_AT_MOST:
        parts.append(f"And {len(cells) - _ROWS_AT_MOST} rows more.")
    return "\n\n".join(parts)


def costs(findings: Sequence[Finding]) -> str:
    """What all these fixes cost in a month, "" where money plays no part."""
    known = [
        finding.fix.monthly_cost_usd
        for finding in findings
        if finding.fix and finding.fix.monthly_cost_usd is not None
    ]
    return f"{sum(known):+,.2f} USD a month" if known else ""


def pinned(findings: Sequence[Finding], pins: Pins) -> str:
    """The tests and snapshots that expect what is there now, "" where none was seen."""
    found = {pin: None for finding in findings for pin in pins.get(finding.fingerprint, ())}
    if not found:
        return ""
    lines = [
        f"- {markdown.code(f'{pin.path}:{pin.line}')} {markdown.code(pin.text, 120)}"
        for pin in list(found)[:_PINS_AT_MOST]
    ]
    if len(found) > len(lines):
        lines.append(f"- and {len(found) - len(lines)} more")
    head = "**These lines pin what is there now, and will want the new value:**"
    return f"{head}\n\n" + "\n".join(lines)


def details(findings: Sequence[Finding], files: Files) -> str:
    """Each file folded: its findings with their reasons, and what changes as a diff."""
    parts, room = list[str](), _DETAILS_AT_MOST
    paths = list(dict.fromkeys(finding.path for finding in findings))
    for path in paths:
        here = [finding for finding in findings if finding.path == path]
        content = [reasons(here)]
        if path in files:
            content.append(_diff(*files[path]))
        label = f"{markdown.html_code(path)}: {count(len(here), 'finding')}"
        part = markdown.details(label, "\n\n".join(content))
        room -= len(part)
        if room < 0:
            parts.append(f"{count(len(paths) - len(parts), 'more file')} would not fit in here.")
            break
        parts.append(part)
    return "\n\n".join(parts)


def reasons(findings: Sequence[Finding]) -> str:
    """Everything there is to say about each finding; what is said of several is said once."""
    places: dict[str, list[str]] = {}
    for finding in findings:
        places.setdefault(_told(finding), []).append(place(finding))
    lines = [
        f"- {', '.join(where[:10])}{' …' if len(where) > 10 else ''}: {told}"
        for told, where in places.items()
    ]
    return "\n".join(lines[:_ROWS_AT_MOST])


def _where(findings: Sequence[Finding], names: Mapping[str, str]) -> str:
    first = findings[0]
    lines = ", ".join(str(finding.start.line) for finding in findings[:5])
    more = ", …" if len(findings) > 5 else ""
    return f"{first.level.label} {markdown.code(first.rule)}<br>" + markdown.code(
        f"{names[first.path]}:{lines}{more}"
    )


def _effects(finding: Finding) -> str:
    if finding.fix is None:
        return "by hand"
    safe = finding.fix.safety is Safety.SAFE
    effect = "safe" if safe else "**unsafe**"
    if money(finding):
        effect += f", {money(finding)} a month"
    verb = "replaces" if finding.fix.replaces else "changes"
    names = finding.fix.replaces or finding.fix.changes
    types = list(dict.fromkeys(name.partition(".")[0] for name in names))
    if types:
        more = f" and {len(types) - 1} more" if len(types) > 1 else ""
        effect += f"<br>{verb} {markdown.code(types[0])}{more}"
    return effect


def _told(finding: Finding) -> str:
    facts = [
        f"**{markdown.code(finding.rule)}**.",
        markdown.text(sentence(finding.message)),
    ]
    if finding.fix is not None:
        facts.append(markdown.text(sentence(finding.fix.title)))
    facts.append(verdict(finding))
    if template(finding):
        facts.append(f"CloudFormation {template(finding)}.")
    if money(finding) and finding.fix:
        facts.append(
            f"Cost: {money(finding)} a month ({markdown.text(finding.fix.cost_assumption)})."
        )
    facts.append(markdown.link("Why", finding.documentation) + ".")
    return " ".join(facts)


def _diff(before: bytes, after: bytes) -> str:
    """What changes, without the lines around it."""
    old, new = (each.decode(errors="replace").splitlines() for each in (before, after))
    lines = list(difflib.unified_diff(old, new, n=1, lineterm=""))[2:]
    if len(lines) > _DIFF_LINES_AT_MOST:
        left = len(lines) - _DIFF_LINES_AT_MOST
        lines = [*lines[:_DIFF_LINES_AT_MOST], f"… and {left} lines more"]
    return markdown.listing("\n".join(line[:300] for line in lines), "diff")
