"""The repository's configuration: `.cdk-medic.toml`, or `[tool.cdk-medic]` in pyproject.toml.

Whatever the file says that cannot be meant is an error with the key, the file and the line: a
misspelt `ingore` that did nothing would be found out too late.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from codemods.rule import Level
from codemods.settings.environments import Environments, objection
from codemods.settings.path_patterns import is_pattern, matcher
from codemods.settings.toml_lines import line_of
from codemods.settings.usage import UsageError, nearest, reason

OWN_FILE = ".cdk-medic.toml"
SHARED_FILE = "pyproject.toml"
KEYS = (
    "select",
    "ignore",
    "exclude",
    "safe",
    "unsafe",
    "mode",
    "fail-on",
    "pull-request",
    "environments",
    "rules",
)
MODES = ("report", "suggest", "commit", "pull-request")
ENVIRONMENTS = ("production", "non-production")


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
        mode: what the bot does with what it finds, one of `MODES`.
        fail_on: the level at and above which a finding makes `check` fail; None for never.
        pull_request_fail_on: the same for new findings and the check of a pull request.
        environments: what is production and what is not.
        options: by rule name, the options that differ from the rule's defaults.
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
    environments: Environments = field(default_factory=Environments)
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

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
    return parse(data, path)


def parse(data: bytes, path: str) -> Configuration | None:
    """The configuration in a file's bytes; None for a pyproject.toml that holds none.

    Raises:
        UsageError: where the file says what cannot be meant.
    """
    import tomllib

    try:
        text = data.decode()
        document = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: this is no TOML: {error}") from error
    except RecursionError as error:
        raise UsageError(f"{path}: this is nested too deeply") from error
    prefix: tuple[str, ...] = ()
    table: Any = document
    if path.endswith(SHARED_FILE) or "tool" in document:
        prefix = ("tool", "cdk-medic")
        tools = document.get("tool")
        if not isinstance(tools, dict) or "cdk-medic" not in tools:
            return None
        table = tools["cdk-medic"]
    return _Reader(path, text, prefix).configuration(table)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Takes a table apart and knows how to complain about it."""

    path: str
    text: str
    prefix: tuple[str, ...]

    def configuration(self, table: Any) -> Configuration:
        self._known(self._table(table, ()), KEYS, ())
        safe, unsafe = (self._rules(table.get(key, []), key) for key in ("safe", "unsafe"))
        for name in safe:
            if name in unsafe:
                raise self._error(("unsafe",), f"{name} is both safe and unsafe")
        review = self._table(table.get("pull-request", {}), ("pull-request",))
        self._known(review, ("fail-on",), ("pull-request",))
        return Configuration(
            path=self.path,
            select=frozenset(self._rules(table.get("select", []), "select")),
            ignore=frozenset(self._rules(table.get("ignore", []), "ignore")),
            exclude=self._exclude(table.get("exclude", [])),
            safe=frozenset(safe),
            unsafe=frozenset(unsafe),
            mode=self._mode(table.get("mode", "suggest")),
            fail_on=self._level(table.get("fail-on", "medium"), ("fail-on",)),
            pull_request_fail_on=self._level(
                review.get("fail-on", "never"), ("pull-request", "fail-on")
            ),
            environments=self._environments(table.get("environments", {})),
            options=self._options(table.get("rules", {})),
        )

    def _known(self, table: Mapping[str, Any], keys: Iterable[str], above: tuple[str, ...]) -> None:
        known = list(keys)
        for key in table:
            if key not in known:
                hint = nearest(key, known)
                if not hint:
                    hint = f"; known are {', '.join(known)}" if known else "; it takes none"
                raise self._error((*above, key), f"unknown key {key!r}{hint}")

    def _table(self, value: Any, key: tuple[str, ...]) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self._error(key, f"{'.'.join(key) or 'cdk-medic'} must be a table")
        return value

    def _strings(self, value: Any, *key: str) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._error(key, f"{'.'.join(key)} must be a list of strings")
        return value

    def _exclude(self, value: Any) -> tuple[str, ...]:
        patterns = self._strings(value, "exclude")
        for pattern in patterns:
            if not is_pattern(pattern):
                raise self._error(("exclude",), f"exclude names {pattern!r}, which is no pattern")
        return tuple(patterns)

    def _rules(self, value: Any, key: str) -> list[str]:
        from codemods.registry import rules

        names = self._strings(value, key)
        for name in names:
            if name not in rules():
                raise self._error((key,), f"{key} names {name!r}, which is no rule", name)
        return names

    def _level(self, value: Any, key: tuple[str, ...]) -> Level | None:
        try:
            return level(value)
        except ValueError as error:
            text = f"{'.'.join(key)} is {value!r}; it must be one of {', '.join(LEVELS)}"
            raise self._error(key, text) from error

    def _mode(self, value: Any) -> str:
        for known in MODES:
            if value == known:
                return known
        text = f"mode is {value!r}; it must be one of {', '.join(MODES)}"
        raise self._error(("mode",), text)

    def _environments(self, value: Any) -> Environments:
        where = "environments"
        self._known(self._table(value, (where,)), ENVIRONMENTS, (where,))
        named = {key: self._strings(value.get(key, []), where, key) for key in ENVIRONMENTS}
        for key, patterns in named.items():
            for pattern in patterns:
                trouble = objection(pattern)
                if trouble:
                    raise self._error((where, key), f"the pattern {pattern!r} {trouble}")
        return Environments(tuple(named["production"]), tuple(named["non-production"]))

    def _options(self, value: Any) -> dict[str, dict[str, Any]]:
        from codemods.registry import rules

        options = {}
        self._known(self._table(value, ("rules",)), rules(), ("rules",))
        for name, given in value.items():
            where = ("rules", name)
            defaults = rules()[name].defaults
            self._known(self._table(given, where), defaults, where)
            for key, setting in given.items():
                wanted = type(defaults[key])
                if type(setting) is not wanted and defaults[key] is not None:
                    kind = _KINDS.get(wanted, wanted.__name__)
                    raise self._error((*where, key), f"{name}.{key} must be {kind}")
                if wanted is list:
                    self._strings(setting, *where, key)
                wish = rules()[name].objection(key, setting)
                if wish:
                    raise self._error((*where, key), f"{name}.{key} must be {wish}")
            options[name] = given
        return options

    def _error(self, key: tuple[str, ...], text: str, misspelt: str = "") -> UsageError:
        from codemods.registry import rules

        hint = nearest(misspelt, rules()) if misspelt else ""
        line = line_of(self.text, (*self.prefix, *key))
        return UsageError(f"{self.path}:{line}: {text}{hint}")


LEVELS = (*(known.label for known in sorted(Level, reverse=True)), "never")
_KINDS = {
    bool: "true or false",
    dict: "a table",
    int: "a whole number",
    list: "a list",
    str: "a string",
}


def level(word: str) -> Level | None:
    """The level that a word such as `"high"` names; None for `"never"`.

    Raises:
        ValueError: for any other word.
    """
    if word == "never":
        return None
    for known in Level:
        if known.label == word:
            return known
    raise ValueError(word)
