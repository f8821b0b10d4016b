"""The repository's configuration: `.cdk-medic.toml`, or `[tool.cdk-medic]` in pyproject.toml."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from codemods.rule import Level
from codemods.settings.environments import Environments
from codemods.settings.path_patterns import matcher
from codemods.settings.usage import UsageError, reason

OWN_FILE = ".cdk-medic.toml"
SHARED_FILE = "pyproject.toml"

_ATTRIBUTES = {
    "select": "select",
    "ignore": "ignore",
    "exclude": "exclude",
    "safe": "safe",
    "unsafe": "unsafe",
    "mode": "mode",
    "fail-on": "fail_on",
    "pull-request.fail-on": "pull_request_fail_on",
    "pull-request.drafts": "drafts",
    "pull-request.bots": "bots",
    "rule-packs": "packs",
}


@dataclass(frozen=True, slots=True)
class FixPullRequests:
    """How the bot's own pull requests for what the default branch has are made.

    Attributes:
        group: `"rule"` for one a rule, `"all"` for one with everything.
        labels: what they are labelled with.
        limit: how many of them may be open at once.
        unsafe: rules whose unsafe fixes they take as well.
    """

    group: str = "rule"
    labels: tuple[str, ...] = ("cdk-medic",)
    limit: int = 3
    unsafe: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a configuration file says; without one, everything as it is here.

    Attributes:
        path: the file; empty where there is none.
        select: the only rules that run; empty means all.
        ignore: rules that do not run.
        exclude: patterns as in .gitignore, relative to the file's directory.
        safe: rules whose fixes are safe because the file says so.
        unsafe: rules whose fixes are for a person to decide.
        mode: what the bot does with what it finds, one of `codemods.settings.keys.MODES`.
        fail_on: the level at and above which a finding makes `check` fail; None for never.
        pull_request_fail_on: the same for new findings and the check of a pull request.
        drafts: whether the bot talks into pull requests that are drafts.
        bots: whether it talks into pull requests that bots opened.
        fix_pull_requests: how its own pull requests are made.
        environments: what is production and what is not.
        options: by rule name, the options that differ from the rule's defaults.
        packs: the packs whose rules there are besides our own.
    """

    path: str = ""
    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    exclude: tuple[str, ...] = ()
    safe: frozenset[str] = frozenset()
    unsafe: frozenset[str] = frozenset()
    mode: str = "suggest"
    fail_on: Level | None = Level.MEDIUM
    pull_request_fail_on: Level | None = None
    drafts: bool = False
    bots: bool = False
    fix_pull_requests: FixPullRequests = field(default_factory=FixPullRequests)
    environments: Environments = field(default_factory=Environments)
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    packs: frozenset[str] = frozenset()

    @property
    def directory(self) -> str:
        """The one that patterns are relative to."""
        return os.path.dirname(self.path) or "."

    def admits(self, path: str, *, is_directory: bool) -> bool:
        """Whether the patterns of `exclude` leave a path in."""
        if not self.exclude:
            return True
        inside = os.path.relpath(path, self.directory)
        if inside.startswith(os.pardir):
            return True
        return not matcher(self.exclude).match_file(inside + os.sep if is_directory else inside)


def read(path: str) -> Configuration | None:
    """The configuration in a file; None for a pyproject.toml that holds none.

    It is somebody's own file on their own desk, so the packs of rules that it names are imported.

    Raises:
        UsageError: where the file cannot be read or says what cannot be meant.
    """
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise UsageError(f"{path}: the configuration cannot be read: {reason(error)}") from error
    if path.endswith(SHARED_FILE) and b"cdk-medic" not in data:
        return None
    return parse(data, path, packs=None)


def parse(
    data: bytes, path: str, packs: frozenset[str] | None = frozenset()
) -> Configuration | None:
    """The configuration in a file's bytes; None for a pyproject.toml that holds none.

    Args:
        data: the file.
        path: what messages call it.
        packs: the packs of rules that may be imported where it names them; None for all.

    Raises:
        UsageError: where the file says what cannot be meant.
    """
    settings = parse_settings(data, path, packs)
    return None if settings is None else configured(settings, path)


def parse_settings(
    data: bytes, path: str, packs: frozenset[str] | None = frozenset()
) -> dict[str, Any] | None:
    """What a file's bytes set, as `codemods.settings.reader` gives it; all else as for `parse`.

    Raises:
        UsageError: where the file says what cannot be meant.
    """
    from codemods.settings.reader import Reader, document

    text, table = document(data, path)
    prefix: tuple[str, ...] = ()
    if path.endswith(SHARED_FILE) or "tool" in table:
        prefix = ("tool", "cdk-medic")
        tools = table.get("tool")
        if not isinstance(tools, dict) or "cdk-medic" not in tools:
            return None
        table = tools["cdk-medic"]
    return Reader(path, text, prefix, packs).settings(table)


def configured(settings: Mapping[str, Any], path: str) -> Configuration:
    """The configuration that settings make, as `codemods.settings.reader` gives them."""
    plain = {_ATTRIBUTES[key]: value for key, value in settings.items() if key in _ATTRIBUTES}
    options: dict[str, dict[str, Any]] = {}
    for key, value in _below("rules.", settings).items():
        rule, _, option = key.partition(".")
        options.setdefault(rule, {})[option] = value
    places = _below("environments.", settings)
    return Configuration(
        path=path,
        fix_pull_requests=FixPullRequests(**_below("fix-pull-requests.", settings)),
        environments=Environments(places.get("production", ()), places.get("non-production", ())),
        options=options,
        **plain,
    )


def _below(prefix: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key.removeprefix(prefix): value for key, value in settings.items() if key.startswith(prefix)
    }
