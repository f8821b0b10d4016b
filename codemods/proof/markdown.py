"""A verdict as Markdown, for the summary of a workflow or a comment."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from codemods.proof import words
from codemods.proof.comparison import Change
from codemods.proof.trial import Verdict

_ROWS_AT_MOST = 200
_LIVE = re.compile(r"@|://|www\.|#(?=\d)", re.IGNORECASE)  # GitHub makes mentions and links of them


def document(verdict: Verdict) -> str:
    """The result, a table of the resources that differ, and what is not proven."""
    judgement = verdict.judgement
    sign = "✅" if judgement.exact else "❌"
    parts = [f"### {sign} cdk-medic verify", words.result(verdict)]
    changes = judgement.comparison.changes
    if changes:
        rows = [_row(change, verdict) for change in changes[:_ROWS_AT_MOST]]
        head = ["| resource | what happens | because of |", "| --- | --- | --- |"]
        parts.append("\n".join([*head, *rows]))
    if len(changes) > _ROWS_AT_MOST:
        parts.append(f"{len(changes) - _ROWS_AT_MOST} more are not shown.")
    for other in judgement.comparison.others:
        place = _code(f"{other.stack}: {other.path or 'the whole stack'}")
        parts.append(f"{place} differs, and no rule declares that.")
    parts += [_text(remark) for remark in words.remarks(verdict)]
    parts.append(f"<sub>{words.UNPROVEN}</sub>")
    return "\n\n".join(parts) + "\n"


def _row(change: Change, verdict: Verdict) -> str:
    rules = verdict.judgement.causes.get((change.stack, change.resource))
    cause = "<br>".join(map(_code, rules)) if rules is not None else "**no rule declares this**"
    cells = (
        f"{_code(change.kind)}<br>{_code(f'{change.stack}/{change.resource}')}",
        "<br>".join([change.outcome.value, *_differences(change)]),
        cause,
    )
    return f"| {' | '.join(cells)} |"


def _differences(change: Change) -> Iterator[str]:
    for it in (leaf for difference in change.differences for leaf in difference.leaves()):
        yield f"{_code(it.name)}: {_code(words.value(it.before))} → {_code(words.value(it.after))}"


def _code(text: str) -> str:
    """Text of a template, which may hold anything: as HTML it is neither markup nor a mention."""
    return f"<code>{_text(text)}</code>"


def _text(text: str) -> str:
    escaped = html.escape(" ".join(text.split()), quote=False)
    for sign in "|`*_[]~\\":
        escaped = escaped.replace(sign, f"&#{ord(sign)};")
    return _LIVE.sub(lambda found: f"{found[0][0]}\u200b{found[0][1:]}", escaped)
