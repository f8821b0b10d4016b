"""The JSON schemas of the configuration, for editors: what is in `schema/` is this.

One describes `.cdk-medic.toml` and what stands below `[tool.cdk-medic]` in pyproject.toml, the
other the policy of an organization. Three
things it cannot say, and only reading the file does: that a rule is not both safe and unsafe, that
a pattern for paths is one, and that a target in `unpinned-engine-version.targets` is a version of
its own key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from codemods.registry import rules
from codemods.rule import Rule
from codemods.settings import organization
from codemods.settings.keys import ENVIRONMENTS, GROUPS, LEVELS, MODES

_TYPES = {bool: "boolean", dict: "object", int: "integer", list: "array", str: "string"}
_PATTERN = r"^(?!(stack|id):$)(?=(stack|id):|(?![A-Za-z]+:)).+$"


def schema() -> dict[str, Any]:
    """The schema, draft 7, which is what editors for TOML know."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "cdk-medic",
        **_table(
            "What cdk-medic looks for in a code base, and what it does about it.",
            {
                "select": _rules("The only rules that run; all of them if left out."),
                "ignore": _rules("Rules that do not run."),
                "exclude": _strings(
                    "Files to leave out: patterns as in .gitignore, from this file's directory."
                ),
                "safe": _rules("Rules whose fixes are safe here, whatever is deployed."),
                "unsafe": _rules("Rules whose fixes a person decides about, whatever they say."),
                "mode": {
                    "description": "What the bot does with the findings of a pull request.",
                    "enum": list(MODES),
                    "default": "suggest",
                },
                "fail-on": _level("From which level findings make `check` fail.", "medium"),
                "pull-request": _pull_request(),
                "fix-pull-requests": _fix_pull_requests(),
                "environments": _environments(),
                "rules": _table(
                    "The options of the rules.",
                    {name: _options(rule) for name, rule in rules().items() if rule.defaults},
                ),
                "rule-packs": _strings(
                    "Installed packs of further rules, by the names of their entry points."
                ),
            },
        ),
    }


def organization_schema() -> dict[str, Any]:
    """The schema of an organization's policy, which says three things more."""
    found = schema()
    found["title"] = "cdk-medic: the policy of an organization"
    found["properties"] |= {
        "locked": {
            "description": "Keys, and tables of keys, that no repository can weaken.",
            "type": "array",
            "items": {"enum": organization.lockable()},
        },
        "repositories": _table(
            "Which repositories the bot works in: patterns for their names without the owner's.",
            {
                "allow": _names("The only ones; all of them if left out."),
                "deny": _names("Those that it leaves alone, whatever `allow` says."),
            },
        ),
        "rings": _table(
            "How far the bot may go in which repositories; the widest ring that names one counts.",
            {
                "report": _names("Those where it only reports."),
                "suggest": _names("Those where it commits what people ask for."),
                "fix": _names("Those that choose their mode freely."),
            },
        ),
    }
    return found


def document(found: Mapping[str, Any]) -> str:
    """A schema as the text of a file."""
    return json.dumps(found, indent=2) + "\n"


def _table(description: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "description": description,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _rules(description: str) -> dict[str, Any]:
    return {"description": description, "type": "array", "items": {"enum": list(rules())}}


def _strings(description: str, **shape: Any) -> dict[str, Any]:
    items = {"type": "string", **shape}
    return {"description": description, "type": "array", "items": items}


def _names(description: str) -> dict[str, Any]:
    return _strings(description, pattern="^[^/]+$")


def _level(description: str, default: str) -> dict[str, Any]:
    return {"description": description, "enum": list(LEVELS), "default": default}


def _flag(description: str) -> dict[str, Any]:
    return {"description": description, "type": "boolean", "default": False}


def _pull_request() -> dict[str, Any]:
    return _table(
        "How pull requests are judged.",
        {
            "fail-on": _level("From which level new findings fail the check.", "never"),
            "drafts": _flag("Whether drafts are commented on as well."),
            "bots": _flag("Whether pull requests of bots are commented on as well."),
        },
    )


def _fix_pull_requests() -> dict[str, Any]:
    return _table(
        'How the bot\'s own pull requests are made, where `mode` is "pull-request".',
        {
            "group": {
                "description": "One pull request a rule, or one with everything.",
                "enum": list(GROUPS),
                "default": "rule",
            },
            "labels": {
                **_strings("What they are labelled with.", pattern=r"\S", maxLength=50),
                "default": ["cdk-medic"],
            },
            "limit": {
                "description": "How many of them may be open at once.",
                "type": "integer",
                "minimum": 1,
                "default": 3,
            },
            "unsafe": _rules("Rules whose unsafe fixes they take as well."),
        },
    )


def _environments() -> dict[str, Any]:
    forms = "`stack:GLOB` for a class, `id:GLOB` for a construct id, else a path as in .gitignore."
    return _table(
        "Which stacks are production; outside of it some findings are notices only.",
        {key: _strings(f"Patterns: {forms}", pattern=_PATTERN) for key in ENVIRONMENTS},
    )


def _options(rule: type[Rule]) -> dict[str, Any]:
    properties = {}
    for key, default in rule.defaults.items():
        shape = {"type": _TYPES[type(default)], "default": default}
        if isinstance(default, list):
            shape["items"] = {"type": "string"}
        properties[key] = {**shape, **rule.shapes.get(key, {})}
    return _table(rule.title(), properties)
