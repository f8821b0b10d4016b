"""Findings as text for a person: the place, the mistake, the code, the way out and its price."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from codemods.desk.excerpt import Excerpt
from codemods.desk.terminal import Terminal, visible
from codemods.rule import Finding, Fix, Level, Safety

LEVEL_STYLES = {
    Level.CRITICAL: ("red", "bold"),
    Level.HIGH: ("red",),
    Level.MEDIUM: ("yellow",),
    Level.LOW: ("cyan",),
}


def block(excerpt: Excerpt, terminal: Terminal) -> str:
    """One finding as a paragraph, laid out as compilers do it."""
    finding = excerpt.finding
    gutter = " " * len(str(finding.start.line))
    place = f"{finding.path}:{finding.start.line}:{finding.start.column}"
    lines = [
        _head(finding, terminal),
        f"{gutter}{terminal.style('-->', 'blue')} {terminal.style(visible(place), 'bold')}",
        *excerpt.shown(terminal),
        *_way_out(finding, _Notes(terminal, f"{gutter} ")),
        "",
    ]
    return "\n".join(lines)


def _head(finding: Finding, terminal: Terminal) -> str:
    head = f"{finding.level.label} {finding.rule}:"
    styled = " ".join(
        [
            terminal.style(finding.level.label, *LEVEL_STYLES[finding.level]),
            terminal.style(f"{finding.rule}:", "bold"),
        ]
    )
    return terminal.wrapped(f"{head} {finding.message}", "  ", "").replace(head, styled, 1)


@dataclass(frozen=True, slots=True)
class _Notes:
    """What stands below the code, each note behind an `=` in line with the bars."""

    terminal: Terminal
    gutter: str

    def note(self, label: str, colour: str, *paragraphs: str) -> Iterator[str]:
        """One note: its label, a paragraph on the same line, others below."""
        sign = f"{self.gutter}= "
        indent = " " * len(sign)
        first, *others = paragraphs
        filled = self.terminal.wrapped(first, indent, f"{sign}{label}: ")
        yield filled.replace(
            f"{sign}{label}:",
            f"{self.gutter}{self.terminal.style('=', 'blue')} "
            f"{self.terminal.style(f'{label}:', colour)}",
            1,
        )
        for paragraph in others:
            yield self.terminal.wrapped(paragraph, indent)


def _way_out(finding: Finding, notes: _Notes) -> Iterator[str]:
    if finding.fix is None:
        yield from notes.note("no fix", "yellow", finding.refusal)
    else:
        yield from _fix(finding, finding.fix, notes)
    yield from notes.note("see", "blue", finding.documentation)


def _fix(finding: Finding, fix: Fix, notes: _Notes) -> Iterator[str]:
    colour = "green" if fix.safety is Safety.SAFE else "yellow"
    label = f"{fix.safety.value} fix" + (", on request" if finding.on_request else "")
    yield from notes.note(label, colour, f"{fix.title.rstrip('.')}.", fix.reason)
    if fix.replaces:
        yield from notes.note("replaces", "yellow", ", ".join(fix.replaces))
    if fix.monthly_cost_usd is not None:
        yield from notes.note("cost", "blue", cost(fix))


def cost(fix: Fix) -> str:
    """What a fix costs or saves a month, with what the number rests on."""
    amount = fix.monthly_cost_usd or 0
    word = "more" if amount >= 0 else "less"
    text = f"{abs(amount):.2f} USD a month {word}"
    return f"{text} ({fix.cost_assumption})" if fix.cost_assumption else text


def fixable(finding: Finding, named: Collection[str], *, unsafe: bool) -> bool:
    """Whether `cdk-medic fix` fixes a finding.

    Args:
        finding: what was found.
        named: the rules that `--select` names; the fix of an advisory is for them only.
        unsafe: whether `--unsafe-fixes` is given.
    """
    if finding.fix is None or (finding.fix.safety is Safety.UNSAFE and not unsafe):
        return False
    return not finding.on_request or finding.rule in named


def found(findings: Sequence[Finding], files: int, named: Collection[str]) -> str:
    """The last line of a check, such as `"7 findings in 3 files: 2 fixable, 3 more with …"`."""
    if not findings:
        return f"No findings in {counted(files, 'file')}."
    text = f"{counted(len(findings), 'finding')} in {counted(_places(findings), 'file')}"
    return f"{text}: {_fixable_text(findings, named)}."


def _fixable_text(findings: Sequence[Finding], named: Collection[str]) -> str:
    safe = sum(fixable(finding, named, unsafe=False) for finding in findings)
    more = sum(fixable(finding, named, unsafe=True) for finding in findings) - safe
    parts = [f"{safe or 'none'} fixable"]
    if more:
        parts.append(f"{more} {'more ' if safe else ''}with --unsafe-fixes")
    advisories = [it for it in findings if it.on_request and it.fix and it.rule not in named]
    if advisories:
        rules = ",".join(sorted({finding.rule for finding in advisories}))
        unsafe = any(it.fix and it.fix.safety is Safety.UNSAFE for it in advisories)
        options = f"--select {rules}" + (" --unsafe-fixes" if unsafe else "")
        parts.append(f"{len(advisories)} on request ({options})")
    return ", ".join(parts)


def fixed(
    applied: Sequence[Finding], left: Sequence[Finding], named: Collection[str], *, dry: bool
) -> str:
    """The last line of a fix: what was done, what is left, and what would do more."""
    verb = "Would fix" if dry else "Fixed"
    if applied:
        amount = counted(len(applied), "finding")
        text = f"{verb} {amount} in {counted(_places(applied), 'file')}"
    else:
        text = "Nothing to fix"
    if not left:
        return f"{text}; none is left." if applied else f"{text}."
    more = sum(fixable(finding, named, unsafe=True) for finding in left)
    hint = f", {more} of them fixable with --unsafe-fixes" if more else ""
    return f"{text}; {len(left)} left{hint}."


def _places(findings: Iterable[Finding]) -> int:
    return len({finding.path for finding in findings})


def counted(number: int, noun: str) -> str:
    """`"1 file"`, `"2 files"`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def done(finding: Finding, terminal: Terminal) -> str:
    """One line about a fix that was applied."""
    title = finding.fix.title if finding.fix else ""
    place = visible(f"{finding.path}:{finding.start.line}")
    styled = f"{terminal.style('fixed', 'green')} {terminal.style(place, 'bold')}"
    text = terminal.wrapped(f"{finding.rule}: {title}", "  ", f"fixed {place} ")
    return text.replace(f"fixed {place}", styled, 1)
