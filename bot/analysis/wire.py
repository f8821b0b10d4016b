"""Analyses as JSON, between a child that may be compromised and the bot: so no pickle."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from codemods import Analysis, Finding, Fixed


def reply_with(fixed: Fixed | None, analysis: Analysis) -> dict[str, Any]:
    """What a child answers about one file: how it analyses and, where asked, how it was fixed."""
    reply: dict[str, Any] = {"analysis": _to_dict(analysis)}
    if fixed:
        reply["source"] = base64.b64encode(fixed.source).decode()
        reply["applied"] = [finding.as_dict() for finding in fixed.applied]
    return reply


def read_reply(reply: Mapping[str, Any], source: bytes) -> Fixed:
    """The inverse of `reply_with`; a file that was not fixed is its `source` still.

    Raises:
        KeyError, TypeError, ValueError: where the reply has another shape.
    """
    changed = reply.get("source")
    return Fixed(
        source=source if changed is None else base64.b64decode(changed, validate=True),
        applied=tuple(Finding.from_dict(finding) for finding in reply.get("applied", ())),
        analysis=_from_dict(reply["analysis"]),
    )


def _to_dict(analysis: Analysis) -> dict[str, Any]:
    return {
        "path": analysis.path,
        "findings": [finding.as_dict() for finding in analysis.findings],
        "silenced": [finding.as_dict() for finding in analysis.silenced],
        "reasons": list(analysis.reasons),
        "unused_ignores": [list(pair) for pair in analysis.unused_ignores],
        "problem": analysis.problem,
    }


def _from_dict(data: Mapping[str, Any]) -> Analysis:
    return Analysis(
        path=str(data["path"]),
        findings=tuple(Finding.from_dict(finding) for finding in data["findings"]),
        silenced=tuple(Finding.from_dict(finding) for finding in data["silenced"]),
        reasons=tuple(str(reason) for reason in data["reasons"]),
        unused_ignores=tuple((int(line), str(text)) for line, text in data["unused_ignores"]),
        problem=str(data["problem"]),
    )
