"""A verdict as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from codemods.proof import words
from codemods.proof.comparison import Change
from codemods.proof.trial import Verdict


def document(verdict: Verdict) -> str:
    """One object: the result, each difference with its cause, and what is not proven."""
    judgement = verdict.judgement
    comparison = judgement.comparison
    data = {
        "exact": judgement.exact,
        "result": words.result(verdict),
        "stacks": verdict.stacks,
        "changes": [_change(change, verdict) for change in comparison.changes],
        "others": [asdict(other) for other in comparison.others],
        "broken_exports": [asdict(broken) for broken in comparison.broken],
        "without_effect": [
            {"rule": it.rule, "path": it.path, "line": it.start.line} for it in judgement.idle
        ],
        "monthly_cost_usd": judgement.monthly_usd,
        "cost_assumptions": judgement.assumptions,
        "missing_lookups": verdict.missing,
        "different_in_every_run": verdict.restless,
        "not_proven": words.UNPROVEN,
    }
    return json.dumps(data, indent=2)


def _change(change: Change, verdict: Verdict) -> dict[str, Any]:
    rules = verdict.judgement.causes.get((change.stack, change.resource))
    return {
        "stack": change.stack,
        "logical_id": change.resource,
        "type": change.kind,
        "outcome": change.outcome.value,
        "differences": [asdict(difference) for difference in change.differences],
        "declared": rules is not None,
        "rules": rules or (),
    }
