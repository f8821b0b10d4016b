"""Findings and reports made by hand, for the tests of what puts them into words."""

from __future__ import annotations

from typing import Any

from bot.report import Placed, Report
from codemods import Finding, Fix, Level, Position, Safety

HEAD = "0123456789abcdef0123456789abcdef01234567"


def fix(**fields: Any) -> Fix:
    return Fix(
        **{
            "title": "Use one NAT gateway for each availability zone",
            "safety": Safety.SAFE,
            "reason": "Gateways are added and nothing is replaced",
            **fields,
        }
    )


def finding(**fields: Any) -> Finding:
    """A finding on line 12 of stacks/network.py; `fields` say what is different."""
    line = fields.pop("line", 12)
    fields.setdefault("fix", None if fields.get("refusal") else fix())
    fields.setdefault("fingerprint", f"{fields.get('rule', 'shared-nat-gateway')}-{line}")
    return Finding(
        **{
            "rule": "shared-nat-gateway",
            "level": Level.CRITICAL,
            "path": "stacks/network.py",
            "start": Position(line, 5),
            "end": Position(line, 20),
            "message": "One NAT gateway serves three availability zones",
            "documentation": "https://docs.aws.amazon.com/vpc/nat",
            "refusal": "",
            **fields,
        }
    )


def placed(*, was_here: bool = False, in_diff: bool = True, **fields: Any) -> Placed:
    one = finding(**fields)
    return Placed(one, was_here, (one.start.line, one.start.line) if in_diff else None)


def report(*findings: Placed, **fields: Any) -> Report:
    return Report(HEAD, findings, **fields)
