"""A verdict for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from codemods.desk.terminal import Terminal, visible
from codemods.proof import words
from codemods.proof.comparison import Change, Outcome
from codemods.proof.trial import Verdict

_SIGNS = {
    Outcome.ADDED: ("+", "green"),
    Outcome.CHANGED: ("~", "yellow"),
    Outcome.MAYBE_REPLACED: ("±", "yellow"),
    Outcome.REPLACED: ("±", "red"),
    Outcome.REMOVED: ("-", "red"),
}


def lines(verdict: Verdict, terminal: Terminal) -> Iterator[str]:
    """The changes stack by stack, the sentence that sums them up, and what is not proven."""
    judgement = verdict.judgement
    stack = ""
    for change in judgement.comparison.changes:
        if change.stack != stack:
            stack = change.stack
            yield terminal.style(visible(stack), "bold")
        yield from _change(change, verdict, terminal)
    for other in judgement.comparison.others:
        place = visible(f"{other.stack}: {other.path or 'the whole stack'}")
        yield f"{terminal.style('?', 'red')} {place}"
        yield from _values(other.before, other.after, terminal)
    if judgement.comparison.changes or judgement.comparison.others:
        yield ""
    colour = "green" if judgement.exact else "red"
    sentence = words.result(verdict)
    yield terminal.style(terminal.wrapped(sentence, ""), colour, "bold")
    for remark in words.remarks(verdict):
        yield terminal.wrapped(remark, "")
    yield terminal.wrapped(words.UNPROVEN, "")


def _change(change: Change, verdict: Verdict, terminal: Terminal) -> Iterator[str]:
    sign, colour = _SIGNS[change.outcome]
    rules = verdict.judgement.causes.get((change.stack, change.resource))
    cause = f"({', '.join(rules)})" if rules is not None else "no rule declares this"
    yield " ".join(
        [
            f"  {terminal.style(sign, colour)} {change.outcome.value:<8}",
            visible(f"{change.kind} {change.resource}"),
            terminal.style(cause, "dim" if rules is not None else "red"),
        ]
    )
    for difference in change.differences:
        for leaf in difference.leaves():
            yield f"      {visible(leaf.name)}"
            yield from _values(leaf.before, leaf.after, terminal)


def _values(before: object, after: object, terminal: Terminal) -> Iterator[str]:
    for sign, colour, thing in (("-", "red", before), ("+", "green", after)):
        if thing is not None:
            text = visible(words.value(thing))[: terminal.cut]
            yield f"        {terminal.style(f'{sign} {text}', colour)}"
