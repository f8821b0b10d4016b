"""The list of rules and the page of one: for a terminal, as JSON, as Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from codemods.desk.report import LEVEL_STYLES
from codemods.desk.terminal import Terminal
from codemods.rule import Rule

Rules = Mapping[str, type[Rule]]


def listed(known: Rules, terminal: Terminal) -> str:
    """Every rule on a line of its own, the gravest first."""
    names = max(len(name) for name in known)
    lines = []
    for name, rule in known.items():
        level = terminal.style(f"{rule.level.label:<8}", *LEVEL_STYLES[rule.level])
        start = f"{level} {name:<{names}}  "
        indent = " " * (8 + 1 + names + 2)
        text = terminal.wrapped(rule.title(), indent, indent)
        lines.append(start.replace(name, terminal.style(name, "bold"), 1) + text.lstrip())
    return "\n".join(lines)


def document(known: Rules) -> str:
    """Every rule as an object of one JSON array."""
    entries = [
        {
            "name": name,
            "level": rule.level.label,
            "title": rule.title(),
            "why": paragraphs(rule.section("Why")),
            "fix_safety": paragraphs(rule.section("Fix safety")),
            "on_request": rule.on_request,
            "options": dict(rule.defaults),
            "documentation": rule.documentation,
        }
        for name, rule in known.items()
    ]
    return json.dumps(entries, indent=2)


def page(rule: type[Rule], terminal: Terminal) -> str:
    """Everything that there is to say about a rule."""
    level = terminal.style(rule.level.label, *LEVEL_STYLES[rule.level])
    lines = [f"{terminal.style(rule.name, 'bold')} ({level})", rule.title()]
    for heading in rule.HEADINGS:
        lines += ["", terminal.style(heading, "bold", "blue"), *_section(rule, heading, terminal)]
    lines += ["", terminal.style("Options", "bold", "blue"), *_options(rule)]
    lines += ["", terminal.style("See", "bold", "blue"), f"  {rule.documentation}"]
    return "\n".join(lines)


def _section(rule: type[Rule], heading: str, terminal: Terminal) -> Iterator[str]:
    text = rule.section(heading)
    if heading in {"Before", "After"}:
        yield from (f"    {line}".rstrip() for line in text.splitlines())
        return
    for index, paragraph in enumerate(re.split(r"\n\s*\n", text)):
        if index:
            yield ""
        yield terminal.wrapped(" ".join(paragraph.split()), "  ")


def _options(rule: type[Rule]) -> Iterator[str]:
    yield f"  # cdk-medic: ignore[{rule.name}] -- reason"
    yield "  on a finding's line, in its statement or above it, silences it."
    if rule.relaxed_outside_production:
        yield "  [tool.cdk-medic.environments] names the stacks where a finding is a notice."
    if rule.defaults:
        yield f"  [tool.cdk-medic.rules.{rule.name}] in pyproject.toml takes, by default:"
        yield from (f"    {key} = {json.dumps(value)}" for key, value in rule.defaults.items())


def plain(rule: type[Rule]) -> str:
    """The page without colours."""
    return page(rule, Terminal())


def markdown(rule: type[Rule]) -> str:
    """The page as Markdown, with what the fix changes in the template."""
    facts = [f"**Level**: {rule.level.label}"]
    if rule.on_request:
        facts.append("an advisory: it is fixed only when it is named")
    if rule.relaxed_outside_production:
        facts.append("a notice outside production")
    facts.append(f"[AWS documentation]({rule.documentation})")
    parts = [f"# {rule.name}", rule.title(), " · ".join(facts)]
    for heading in rule.HEADINGS:
        text = rule.section(heading)
        is_code = heading in ("Before", "After")
        parts += [f"## {heading}", f"```python\n{text}\n```" if is_code else text]
    if rule.defaults:
        options = "\n".join(f"{key} = {toml(value)}" for key, value in rule.defaults.items())
        table = f"[tool.cdk-medic.rules.{rule.name}]\n{options}"
        parts += ["## Options", f"With their defaults:\n\n```toml\n{table}\n```"]
    changed = "\n".join(f"- `{name}`" for name in rule.changes)
    parts += ["## What its fix changes in the template", changed]
    return "\n\n".join(parts) + "\n"


def toml(value: object) -> str:
    """A default as TOML writes it; JSON's spelling but for tables."""
    if isinstance(value, dict):
        items = ", ".join(f"{json.dumps(key)} = {toml(item)}" for key, item in value.items())
        return f"{{ {items} }}" if items else "{}"
    return json.dumps(list(value) if isinstance(value, tuple | frozenset) else value)


def paragraphs(text: str) -> str:
    """A section with each paragraph on one line."""
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
