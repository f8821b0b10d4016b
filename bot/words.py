"""The sentences about one finding that comments, tables and annotations share."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot import markdown
from codemods import Finding, Safety

CANNOT_PUSH = "I can't push to this branch: the suggestions of the review can be committed there."

_PATHS_AT_MOST = 10
"""So many files with the same reason have a line each; of more, a few stand for all."""

_PATHS_NAMED = 3


def count(number: int, noun: str) -> str:
    """`1 finding`, `2 findings`, `2 fixes`, `2 advisories`."""
    if number == 1:
        return f"1 {noun}"
    if noun.endswith("y"):
        return f"{number} {noun[:-1]}ies"
    return f"{number} {noun}{'es' if noun.endswith('x') else 's'}"


def offer(safe: int, unsafe: int) -> str:
    """What a comment can have done, for so many fixes of either kind."""
    parts = []
    if safe:
        parts.append(f"`/fix` commits {count(safe, 'safe fix')}.")
    if unsafe:
        verb = "waits" if unsafe == 1 else "wait"
        parts.append(f"{count(unsafe, 'unsafe fix')} {verb} for `/fix --unsafe RULE`.")
    return " ".join(parts)


def sentence(value: str) -> str:
    """The text with a full stop, where it has no end of its own."""
    value = value.strip()
    return value if not value or value[-1] in ".!?…" else value + "."


def problems(pairs: Sequence[tuple[str, str]]) -> str:
    """A list of the files that were not analysed, each with the reason.

    Where many share a reason, they share a line.
    """
    paths: dict[str, list[str]] = {}
    for path, reason in pairs:
        paths.setdefault(reason, []).append(path)
    lines = []
    for reason, those in paths.items():
        told = markdown.text(sentence(reason))
        if len(those) <= _PATHS_AT_MOST:
            lines += [f"- {markdown.code(path)}: {told}" for path in those]
        else:
            named = ", ".join(map(markdown.code, those[:_PATHS_NAMED]))
            lines.append(f"- {named} and {len(those) - _PATHS_NAMED:,} more: {told}")
    return "\n".join(lines)


def place(finding: Finding) -> str:
    """`path:line` as a code span."""
    return markdown.code(f"{finding.path}:{finding.start.line}")


def verdict(finding: Finding) -> str:
    """Whether there is a fix, whether it is safe, and why."""
    return f"{_answer(finding)}: {markdown.text(sentence(finding.explanation))}"


def brief(finding: Finding) -> str:
    """The verdict in one sentence, for a table."""
    first = sentence(re.split(r"(?<=[.!?]) ", finding.explanation, maxsplit=1)[0])
    return f"{_answer(finding)}: {markdown.text(first)}"


def money(finding: Finding) -> str:
    """The monthly cost of the fix in USD, "" where money plays no part."""
    if finding.fix is None or finding.fix.monthly_cost_usd is None:
        return ""
    return f"{finding.fix.monthly_cost_usd:+,.2f} USD"


def template(finding: Finding) -> str:
    """What CloudFormation would do if the fix were deployed."""
    if finding.fix is None:
        return ""
    if finding.fix.replaces:
        return "replaces " + _codes(finding.fix.replaces)
    if finding.fix.changes:
        return "changes " + _codes(finding.fix.changes)
    return ""


def explanation(finding: Finding) -> str:
    """Everything about a finding, as the body of a comment has it."""
    heading = (
        f"**{finding.level.label.capitalize()} · {markdown.code(finding.rule)}** · "
        f"{markdown.link('documentation', finding.documentation)}"
    )
    parts = [heading, markdown.text(sentence(finding.message))]
    if finding.fix is None:
        parts.append(verdict(finding))
    else:
        parts.append(f"**{markdown.text(sentence(finding.fix.title))}** {verdict(finding)}")
    facts = []
    if template(finding):
        facts.append(f"CloudFormation {template(finding)}.")
    if money(finding):
        assumed = finding.fix.cost_assumption if finding.fix else ""
        facts.append(f"Cost: {money(finding)} a month ({markdown.text(assumed)}).")
    if facts:
        parts.append(" ".join(facts))
    return "\n\n".join(parts)


def _answer(finding: Finding) -> str:
    if finding.fix is None:
        return "No automatic fix"
    return "Safe" if finding.fix.safety is Safety.SAFE else "Unsafe"


def _codes(names: tuple[str, ...]) -> str:
    return ", ".join(markdown.code(name) for name in names)
