"""What the bot and its children say to each other: JSON, as a child may be compromised.

Every `read_…` is the inverse of what stands before it, and raises KeyError, TypeError, ValueError
or AttributeError where the JSON has another shape.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from bot.analysis.terms import Configured, PolicyFile, Surroundings, Terms, Version
from codemods import Analysis, Base, Finding, Fixed, Level, Policy
from codemods.settings.configuration import FixPullRequests
from codemods.settings.environments import Environments
from codemods.settings.keys import GROUPS, MODES

_RULE_SETS = ("select", "ignore", "safe", "unsafe")


def terms(terms: Terms) -> dict[str, Any]:
    """What a batch is judged by."""
    return {
        "policy": _policy(terms.policy),
        "base": None if terms.base is None else _base(terms.base),
    }


def read_terms(data: Mapping[str, Any]) -> Terms:
    """See above."""
    base = data["base"]
    return Terms(_read_policy(data["policy"]), None if base is None else _read_base(base))


def analysed(analysis: Analysis) -> dict[str, Any]:
    """How a file analyses."""
    return {"analysis": _analysis(analysis)}


def read_analysed(reply: Mapping[str, Any]) -> Analysis:
    """See above."""
    return _read_analysis(reply["analysis"])


def fixed(result: Fixed) -> dict[str, Any]:
    """How a file was fixed, and what it says now."""
    return {
        "source": base64.b64encode(result.source).decode(),
        "applied": [finding.as_dict() for finding in result.applied],
        "analysis": _analysis(result.analysis),
    }


def read_fixed(reply: Mapping[str, Any]) -> Fixed:
    """See above."""
    return Fixed(
        source=base64.b64decode(reply["source"], validate=True),
        applied=tuple(Finding.from_dict(finding) for finding in reply["applied"]),
        analysis=_read_analysis(reply["analysis"]),
    )


def version(found: Version) -> dict[str, Any]:
    """What a file was like before the change."""
    return {"base": _base(found.base), "analysis": _analysis(found.analysis)}


def read_version(reply: Mapping[str, Any]) -> Version:
    """See above."""
    return Version(_read_base(reply["base"]), _read_analysis(reply["analysis"]))


def surroundings(around: Surroundings) -> dict[str, Any]:
    """What a configuration file is read with."""
    policy = around.policy
    return {
        "repository": around.repository,
        "policy": {
            "path": policy.path,
            "content": base64.b64encode(policy.content).decode(),
            "problem": policy.problem,
        },
        "paths": list(around.paths),
        "attributes": base64.b64encode(around.attributes).decode(),
    }


def read_surroundings(data: Mapping[str, Any]) -> Surroundings:
    """See above."""
    policy = data["policy"]
    return Surroundings(
        str(data["repository"]),
        PolicyFile(policy["path"], base64.b64decode(policy["content"]), policy["problem"]),
        tuple(data["paths"]),
        base64.b64decode(data["attributes"]),
    )


def configured(found: Configured) -> dict[str, Any]:
    """What holds in a repository."""
    own = found.fix_pull_requests
    return {
        "policy": None if found.policy is None else _policy(found.policy),
        "excluded": list(found.excluded),
        "generated": list(found.generated),
        "denied": found.denied,
        "cap": found.cap,
        "held_back": found.held_back,
        "locked_rules": sorted(found.locked_rules),
        "overruled": list(found.overruled),
        "mode": found.mode,
        "fail_on": None if found.fail_on is None else int(found.fail_on),
        "drafts": found.drafts,
        "bots": found.bots,
        "fix_pull_requests": {
            "group": own.group,
            "labels": list(own.labels),
            "limit": own.limit,
            "unsafe": sorted(own.unsafe),
        },
    }


def read_configured(reply: Mapping[str, Any]) -> Configured:
    """See above."""
    policy, fail_on, own = reply["policy"], reply["fail_on"], reply["fix_pull_requests"]
    return Configured(
        None if policy is None else _read_policy(policy),
        tuple(map(str, reply["excluded"])),
        generated=tuple(map(str, reply["generated"])),
        denied=bool(reply["denied"]),
        cap=str(reply["cap"]),
        held_back=bool(reply["held_back"]),
        locked_rules=frozenset(map(str, reply["locked_rules"])),
        overruled=tuple(map(str, reply["overruled"])),
        mode=_one_of(MODES, reply["mode"]),
        fail_on=None if fail_on is None else Level(fail_on),
        drafts=bool(reply["drafts"]),
        bots=bool(reply["bots"]),
        fix_pull_requests=FixPullRequests(
            _one_of(GROUPS, own["group"]),
            tuple(map(str, own["labels"])),
            int(own["limit"]),
            frozenset(map(str, own["unsafe"])),
        ),
    )


def _one_of(words: Sequence[str], word: object) -> str:
    if word not in words:
        raise ValueError(word)
    return str(word)


def _policy(policy: Policy) -> dict[str, Any]:
    return {
        **{name: sorted(getattr(policy, name)) for name in _RULE_SETS},
        "options": {rule: dict(options) for rule, options in policy.options.items()},
        "production": list(policy.environments.production),
        "non_production": list(policy.environments.non_production),
        "cdk_version": policy.cdk_version or "",
        "today": "" if policy.today is None else policy.today.isoformat(),
    }


def _read_policy(data: Mapping[str, Any]) -> Policy:
    select, ignore, safe, unsafe = (frozenset(map(str, data[name])) for name in _RULE_SETS)
    today = data["today"]
    return Policy(
        today=dt.date.fromisoformat(today) if today else None,
        cdk_version=str(data["cdk_version"]) or None,
        select=select,
        ignore=ignore,
        safe=safe,
        unsafe=unsafe,
        options={str(rule): dict(options) for rule, options in data["options"].items()},
        environments=Environments(
            tuple(map(str, data["production"])), tuple(map(str, data["non_production"]))
        ),
    )


def _base(base: Base) -> dict[str, Any]:
    return {"constructs": sorted(base.constructs), "unread": base.unread}


def _read_base(data: Mapping[str, Any]) -> Base:
    constructs = frozenset((str(name), str(id_)) for name, id_ in data["constructs"])
    return Base(constructs, bool(data["unread"]))


def _analysis(analysis: Analysis) -> dict[str, Any]:
    return {
        "path": analysis.path,
        "findings": [finding.as_dict() for finding in analysis.findings],
        "silenced": [finding.as_dict() for finding in analysis.silenced],
        "reasons": list(analysis.reasons),
        "unused_ignores": [list(pair) for pair in analysis.unused_ignores],
        "ignored_rules": sorted(analysis.ignored_rules),
        "problem": analysis.problem,
    }


def _read_analysis(data: Mapping[str, Any]) -> Analysis:
    return Analysis(
        path=str(data["path"]),
        findings=tuple(Finding.from_dict(finding) for finding in data["findings"]),
        silenced=tuple(Finding.from_dict(finding) for finding in data["silenced"]),
        reasons=tuple(str(reason) for reason in data["reasons"]),
        unused_ignores=tuple((int(line), str(text)) for line, text in data["unused_ignores"]),
        ignored_rules=frozenset(map(str, data["ignored_rules"])),
        problem=str(data["problem"]),
    )
