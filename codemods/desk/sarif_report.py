"""Findings as SARIF 2.1.0, which code scanning services and editors read.

The format is OASIS's: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from codemods import __version__
from codemods.code.source import Source
from codemods.desk import rule_pages
from codemods.desk.outcome import Outcome, Remark
from codemods.registry import rules
from codemods.rule import Finding, Level, Position, Rule

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {Level.CRITICAL: "error", Level.HIGH: "error", Level.MEDIUM: "warning", Level.LOW: "note"}
_ROOT = "SRCROOT"


def document(outcome: Outcome) -> str:
    """The log of one run."""
    sources = {path: Source(data) for path, data in outcome.sources.items()}
    known = rules(frozenset(outcome.packs))
    results = [_result(finding, sources, ()) for finding in outcome.findings]
    for finding, reason in outcome.silenced:
        suppression = {"kind": "inSource", "status": "accepted"}
        if reason:
            suppression["justification"] = reason
        results.append(_result(finding, sources, (suppression,)))
    places = {name: index for index, name in enumerate(known)}
    results = [{**result, "ruleIndex": places[result["ruleId"]]} for result in results]
    run = {
        "tool": {"driver": _driver(known)},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            _ROOT: {"description": {"text": "The directory in which the command ran."}}
        },
        "invocations": [_invocation(outcome)],
        "results": results,
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _driver(known: Mapping[str, type[Rule]]) -> dict[str, Any]:
    return {
        "name": "cdk-medic",
        "semanticVersion": __version__,
        "version": __version__,
        "rules": [_descriptor(rule) for rule in known.values()],
    }


def _descriptor(rule: type[Rule]) -> dict[str, Any]:
    return {
        "id": rule.name,
        "name": rule.__name__,
        "shortDescription": {"text": rule.title()},
        "fullDescription": {"text": rule_pages.paragraphs(rule.section("Why"))},
        "help": {"text": rule_pages.plain(rule), "markdown": rule_pages.markdown(rule)},
        "helpUri": rule.documentation,
        "defaultConfiguration": {"level": _LEVELS[rule.level]},
        "properties": {
            "tags": ["aws-cdk"],
            "level": rule.level.label,
            "problem.severity": _LEVELS[rule.level].replace("note", "recommendation"),
        },
    }


def _result(
    finding: Finding, sources: Mapping[str, Source], suppressions: tuple[dict[str, str], ...]
) -> dict[str, Any]:
    return {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.level],
        "message": {"text": f"{finding.message} {_way_out(finding)}"},
        "locations": [_location(finding.path, _region(finding.start, finding.end))],
        "partialFingerprints": {"cdkMedic/v1": finding.fingerprint},
        "fixes": _fixes(finding, sources),
        "suppressions": list(suppressions),
        "properties": _properties(finding),
    }


def _way_out(finding: Finding) -> str:
    if finding.fix is None:
        return f"No fix: {finding.refusal}"
    return f"{finding.fix.safety.value.capitalize()} fix: {finding.fix.title.rstrip('.')}."


def _properties(finding: Finding) -> dict[str, Any]:
    properties: dict[str, Any] = {"level": finding.level.label, "onRequest": finding.on_request}
    if finding.fix:
        properties |= {
            "safety": finding.fix.safety.value,
            "safetyReason": finding.fix.reason,
            "changes": list(finding.fix.changes),
            "replaces": list(finding.fix.replaces),
            "monthlyCostUsd": finding.fix.monthly_cost_usd,
            "costAssumption": finding.fix.cost_assumption,
        }
    return properties


def _fixes(finding: Finding, sources: Mapping[str, Source]) -> list[dict[str, Any]]:
    fix, source = finding.fix, sources[finding.path]
    if fix is None:
        return []
    replacements = [
        {
            "deletedRegion": _region(source.position(edit.start), source.position(edit.end)),
            "insertedContent": {"text": edit.replacement},
        }
        for edit in fix.edits
    ]
    change = {"artifactLocation": _artifact(finding.path), "replacements": replacements}
    description = {"text": f"{fix.title.rstrip('.')}. {fix.reason}"}
    return [{"description": description, "artifactChanges": [change]}]


def _location(path: str, region: Mapping[str, int] | None) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _artifact(path)}
    if region:
        physical["region"] = region
    return {"physicalLocation": physical}


def _region(start: Position, end: Position) -> dict[str, int]:
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }


def _artifact(path: str) -> dict[str, str]:
    """Where a file is; its name's own bytes, percent-encoded, where the base does not end."""
    uri = quote(os.fsencode(PurePath(path).as_posix()))
    if os.path.isabs(path):
        return {"uri": f"file://{uri}"}
    return {"uri": uri, "uriBaseId": _ROOT}


def _invocation(outcome: Outcome) -> dict[str, Any]:
    notifications = [_notification(remark, "error") for remark in outcome.troubles]
    notifications += [_notification(remark, "note") for remark in outcome.notes]
    return {
        "executionSuccessful": not outcome.troubles,
        "toolExecutionNotifications": notifications,
    }


def _notification(remark: Remark, level: str) -> dict[str, Any]:
    region = {"startLine": remark.line} if remark.line else None
    return {
        "level": level,
        "message": {"text": remark.sentence},
        "locations": [_location(remark.path, region)],
    }
