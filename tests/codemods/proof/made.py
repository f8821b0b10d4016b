"""Verdicts to render."""

from __future__ import annotations

from typing import Any

from codemods.proof.comparison import compare
from codemods.proof.judgement import judge
from codemods.proof.trial import Verdict
from codemods.rule import Finding

EXPORT = {"Name": {"Value": 1, "Export": {"Name": "net`name"}}}


def queue(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


def verdict(before: Any, after: Any, *applied: Finding, **facts: Any) -> Verdict:
    """What a trial of one stack showed."""
    pair = ({"Stack": {"Resources": {}, **side}} for side in (before, after))
    return Verdict(judge(compare(*pair), applied), **{"stacks": 1, "missing": 0, **facts})


def broken() -> Verdict:
    """Only an export that is in use differs: its output goes, and so does the stack's section."""
    imports = {"Q": queue(Tags=[{"Fn::ImportValue": "net`name"}])}
    before: dict[str, Any] = {"Stack": {"Outputs": EXPORT}, "App": {"Resources": imports}}
    after: dict[str, Any] = {"Stack": {"Outputs": {}}, "App": {"Resources": imports}}
    return Verdict(judge(compare(before, after), []), 2, 0)
