"""The sentences that every form of a verdict shares."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from codemods.desk.report import counted
from codemods.proof.comparison import Outcome
from codemods.proof.trial import Verdict

UNPROVEN = (
    "Not proven: that it deploys, what it does at run time, quotas, and what no context of this "
    "run synthesizes."
)
_VALUE_AT_MOST = 120
_NAMES_AT_MOST = 5


def result(verdict: Verdict) -> str:
    """One sentence: whether the templates differ in what was declared, and in how much."""
    judgement = verdict.judgement
    outcomes = [change.outcome for change in judgement.comparison.changes]
    if not outcomes and judgement.exact:
        return f"The templates of {counted(verdict.stacks, 'stack')} do not differ."
    numbers = ", ".join(
        f"{outcomes.count(outcome)} {outcome.value}" for outcome in Outcome if outcome in outcomes
    )
    of = f" of {counted(verdict.stacks, 'stack')}" + (f": {numbers}" if numbers else "")
    if judgement.exact:
        return f"Exactly what the rules declare differs in the templates{of}."
    number = len(judgement.unexplained) + len(judgement.comparison.others)
    return f"{counted(number, 'difference')} that no rule declares, in the templates{of}."


def remarks(verdict: Verdict) -> Iterator[str]:
    """What else a person should know, a sentence each."""
    judgement = verdict.judgement
    for broken in judgement.comparison.broken:
        yield (
            f"The export {broken.name} of {broken.stack} changes while "
            f"{', '.join(broken.used_by)} imports it: CloudFormation refuses that."
        )
    if judgement.idle:
        places = ", ".join(f"{it.rule} at {it.path}:{it.start.line}" for it in judgement.idle)
        yield f"Nothing is seen in the templates of {places}."
    if judgement.assumptions:
        amount = judgement.monthly_usd
        word = "less" if amount < 0 else "more"
        yield f"{abs(amount):.2f} USD a month {word} ({'; '.join(judgement.assumptions)})."
    if verdict.missing:
        yield (
            f"{counted(verdict.missing, 'value')} that the app looks up in an account had a "
            "stand-in: run `cdk synth` once to have them in cdk.context.json."
        )
    if verdict.restless:
        some = ", ".join(verdict.restless[:_NAMES_AT_MOST])
        more = len(verdict.restless) - _NAMES_AT_MOST
        rest = f" and {more:,} more" if more > 0 else ""
        yield f"Left out, as it differs in every run of the app: {some}{rest}."


def value(thing: Any) -> str:
    """A value of a template on one line, cut where it is long."""
    if thing is None:
        return "nothing"
    text = json.dumps(thing, ensure_ascii=False)
    return text if len(text) <= _VALUE_AT_MOST else f"{text[: _VALUE_AT_MOST - 1]}…"
