"""An organization's policy with a repository's configuration laid over it.

Where both set a key, the repository's value holds; where the key is locked, what is weaker in it
does not. What is weaker is told key by key. Whatever has no order, such as `mode`, is locked as it
is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from codemods.registry import rules
from codemods.rule import Level
from codemods.settings.configuration import Configuration, configured
from codemods.settings.keys import MODES
from codemods.settings.organization import Organization

_NOTHING = Configuration()
_DEFAULTS: dict[str, Any] = {
    "select": _NOTHING.select,
    "ignore": _NOTHING.ignore,
    "exclude": _NOTHING.exclude,
    "safe": _NOTHING.safe,
    "unsafe": _NOTHING.unsafe,
    "mode": _NOTHING.mode,
    "fail-on": _NOTHING.fail_on,
    "pull-request.fail-on": _NOTHING.pull_request_fail_on,
    "pull-request.drafts": _NOTHING.drafts,
    "pull-request.bots": _NOTHING.bots,
    "fix-pull-requests.group": _NOTHING.fix_pull_requests.group,
    "fix-pull-requests.labels": _NOTHING.fix_pull_requests.labels,
    "fix-pull-requests.limit": _NOTHING.fix_pull_requests.limit,
    "fix-pull-requests.unsafe": _NOTHING.fix_pull_requests.unsafe,
    "environments.production": _NOTHING.environments.production,
    "environments.non-production": _NOTHING.environments.non_production,
}


@dataclass(frozen=True, slots=True)
class Layered:
    """What holds in a repository.

    Attributes:
        configuration: that of the repository and its organization together.
        overruled: the keys whose value the repository weakened, in vain.
        locked_rules: the rules that the repository cannot weaken.
        cap: the mode that its ring lets it have at most, empty where none does.
        held_back: whether the configuration wanted more than that.
    """

    configuration: Configuration
    overruled: tuple[str, ...] = ()
    locked_rules: frozenset[str] = frozenset()
    cap: str = ""
    held_back: bool = False


def lay_over(
    organization: Organization, settings: Mapping[str, Any], path: str, repository: str
) -> Layered:
    """Lay what a repository's file sets over its organization's policy.

    Args:
        organization: the policy.
        settings: as `codemods.settings.reader.Reader.settings` gives them.
        path: the repository's file, which its patterns are relative to.
        repository: the repository's name, without its owner's.
    """
    merged = {**organization.settings, **settings}
    overruled: list[str] = []

    def hold(key: str, value: Any) -> None:
        if merged.get(key, default(key)) != value:
            merged[key] = value
            overruled.append(key)

    for key in settings:
        if organization.locks(key):
            least = organization.settings.get(key, default(key))
            hold(key, _stricter(key)(least, settings[key]))
    locked = frozenset(rule for rule in rules() if organization.locks(f"rules.{rule}"))
    wanted = frozenset(rule for rule in locked if _wants(organization.settings, rule))
    hold("ignore", merged.get("ignore", frozenset()) - wanted)
    selected = merged.get("select", frozenset())
    hold("select", selected | wanted if selected else selected)
    _settle(organization, settings, hold, merged)
    cap = organization.cap(repository)
    mode = merged.get("mode", _NOTHING.mode)
    held_back = bool(cap) and MODES.index(cap) < MODES.index(mode)
    if held_back:
        merged["mode"] = cap
    names = tuple(dict.fromkeys(overruled))
    return Layered(configured(merged, path), names, locked, cap, held_back)


def default(key: str) -> Any:
    """What a key is where nobody sets it."""
    if key in _DEFAULTS:
        return _DEFAULTS[key]
    _, rule, option = key.split(".")
    return rules()[rule].defaults[option]


def _settle(
    organization: Organization,
    settings: Mapping[str, Any],
    hold: Callable[[str, Any], None],
    merged: dict[str, Any],
) -> None:
    """Neither file calls a rule both safe and unsafe, but one may say the one and one the other."""
    for rule in merged.get("safe", frozenset()) & merged.get("unsafe", frozenset()):
        by_policy = rule in organization.settings.get("unsafe", frozenset())
        if by_policy and organization.locks("unsafe"):
            hold("safe", merged["safe"] - {rule})
        elif rule in settings.get("safe", frozenset()):
            merged["unsafe"] -= {rule}
        else:
            merged["safe"] -= {rule}


def _wants(settings: Mapping[str, Any], rule: str) -> bool:
    selected = settings.get("select", frozenset())
    return rule not in settings.get("ignore", frozenset()) and (not selected or rule in selected)


def _stricter(key: str) -> Callable[[Any, Any], Any]:
    """What makes of the organization's value and the repository's one that is not weaker."""
    known: dict[str, Callable[[Any, Any], Any]] = {
        "select": _all_selected,
        "ignore": frozenset.intersection,
        "safe": frozenset.intersection,
        "unsafe": frozenset.union,
        "exclude": _fewer_patterns,
        "fail-on": _lower_level,
        "pull-request.fail-on": _lower_level,
        "pull-request.drafts": bool.__or__,
        "pull-request.bots": bool.__or__,
        "environments.production": _more_patterns,
        "environments.non-production": _fewer_patterns,
    }
    return known.get(key, lambda ours, _: ours)


def _all_selected(ours: frozenset[str], theirs: frozenset[str]) -> frozenset[str]:
    return ours | theirs if ours and theirs else frozenset()


def _lower_level(ours: Level | None, theirs: Level | None) -> Level | None:
    return min((level for level in (ours, theirs) if level is not None), default=None)


def _fewer_patterns(ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
    """With exceptions (`!…`) among them, the fewer patterns may match the more."""
    if any(pattern.startswith("!") for pattern in ours):
        return ours if theirs else ()
    return tuple(pattern for pattern in theirs if pattern in ours)


def _more_patterns(ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
    """The last one that matches counts, so theirs come first, and their exceptions not at all."""
    exceptions = any(pattern.startswith("!") for pattern in (*ours, *theirs))
    if set(ours) <= set(theirs) and not exceptions:
        return theirs
    kept = [pattern for pattern in theirs if not pattern.startswith("!") and pattern not in ours]
    return (*kept, *ours)
