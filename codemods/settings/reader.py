"""Takes a configuration file apart, and complains about what cannot be meant.

Whatever the file says that cannot be meant is an error with the key, the file and the line: a
misspelt `ingore` that did nothing would be found out too late.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from codemods.registry import PackError, rules
from codemods.rule import Level
from codemods.settings import keys
from codemods.settings.environments import objection
from codemods.settings.path_patterns import is_pattern
from codemods.settings.toml_lines import line_of
from codemods.settings.usage import UsageError, nearest

_KINDS = {
    bool: "true or false",
    dict: "a table",
    int: "a whole number",
    list: "a list",
    str: "a string",
}
_PACKS = "rule-packs"
_LABEL_CHARACTERS = 50  # GitHub takes no longer name of a label


def document(data: bytes, path: str) -> tuple[str, dict[str, Any]]:
    """The text of a TOML file and what it holds.

    Raises:
        UsageError: where it is none.
    """
    try:
        text = data.decode()
        return text, tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: this is no TOML: {error}") from error
    except RecursionError as error:
        raise UsageError(f"{path}: this is nested too deeply") from error


@dataclass(frozen=True, slots=True)
class Reader:
    """Knows the file that a table is from.

    Attributes:
        path: what messages call the file.
        text: what is in it.
        prefix: the tables around the one that is read.
        loadable: the packs of rules that may be imported if the table asks for them; None for all.
        packs: those that it asks for and that were imported.
        incomplete: whether it asks for others too: names of rules may then be theirs.
    """

    path: str
    text: str
    prefix: tuple[str, ...] = ()
    loadable: frozenset[str] | None = frozenset()
    packs: frozenset[str] = frozenset()
    incomplete: bool = False

    def settings(self, table: Any) -> dict[str, Any]:
        """What the table sets, and nothing that it leaves out.

        Returns:
            By key, with dots between the tables (`"pull-request.fail-on"`,
            `"rules.shared-nat-gateway.azs"`), the value as `Configuration` has it.

        Raises:
            UsageError: where it says what cannot be meant.
        """
        for key in keys.ORGANIZATION:
            if key in self.table(table):
                raise self.error(f"{key} is for the policy of an organization alone", key)
        self.known(table, keys.KEYS)
        asked = frozenset(self.strings(table.get(_PACKS, []), _PACKS))
        packs = asked if self.loadable is None else asked & self.loadable
        try:
            rules(packs)
        except PackError as error:
            raise self.error(f"{_PACKS}: {error}", _PACKS) from error
        knowing = replace(self, packs=packs, incomplete=packs != asked)
        return knowing.known_settings(table) | ({_PACKS: packs} if packs else {})

    def known_settings(self, table: dict[str, Any]) -> dict[str, Any]:
        """What the table sets, once it is known which rules there are; else as `settings`."""
        found: dict[str, Any] = {}
        for key in ("select", "ignore", "safe", "unsafe"):
            if key in table:
                found[key] = self._rules(table[key], key)
        for name in sorted(found.get("safe", frozenset()) & found.get("unsafe", frozenset())):
            raise self.error(f"{name} is both safe and unsafe", "unsafe")
        if "exclude" in table:
            found["exclude"] = self.patterns(table["exclude"], "exclude")
        if "mode" in table:
            found["mode"] = self._one_of(keys.MODES, table["mode"], "mode")
        if "fail-on" in table:
            found["fail-on"] = self._level(table["fail-on"], "fail-on")
        for name, read in (
            ("pull-request", self._pull_request),
            ("fix-pull-requests", self._fix_pull_requests),
            ("environments", self._environments),
            ("rules", self._options),
        ):
            below = read(self.table(table.get(name, {}), name))
            found |= {f"{name}.{key}": value for key, value in below.items()}
        return found

    def known(self, table: Mapping[str, Any], names: Iterable[str], *above: str) -> None:
        """Complain about a key of a table that is none of the names."""
        known = list(names)
        for key in table:
            if key not in known:
                raise self.unknown(f"unknown key {key!r}", key, known, *above, key)

    def table(self, value: Any, *key: str) -> dict[str, Any]:
        """The value, after making sure that it is a table."""
        if not isinstance(value, dict):
            raise self.error(f"{'.'.join(key) or 'cdk-medic'} must be a table", *key)
        return value

    def strings(self, value: Any, *key: str) -> list[str]:
        """The value, after making sure that it is a list of strings."""
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(f"{'.'.join(key)} must be a list of strings", *key)
        return value

    def patterns(self, value: Any, *key: str) -> tuple[str, ...]:
        """The value, after making sure that it is a list of patterns for paths."""
        patterns = self.strings(value, *key)
        for pattern in patterns:
            if not is_pattern(pattern):
                text = f"{'.'.join(key)} names {pattern!r}, which is no pattern"
                raise self.error(text, *key)
        return tuple(patterns)

    def error(self, text: str, *key: str) -> UsageError:
        """The complaint about a key."""
        return UsageError(f"{self.path}:{line_of(self.text, (*self.prefix, *key))}: {text}")

    def unknown(self, text: str, word: str, known: Iterable[str], *key: str) -> UsageError:
        """The complaint about a word that is none of the known ones, with the one that is meant."""
        names = list(known)
        hint = nearest(word, names)
        if not hint:
            hint = f"; known are {', '.join(names)}" if names else "; it takes none"
        return self.error(f"{text}{hint}", *key)

    def _rules(self, value: Any, *key: str) -> frozenset[str]:
        names = self.strings(value, *key)
        known = rules(self.packs)
        for name in names:
            if name not in known and not self.incomplete:
                hint = nearest(name, known)
                raise self.error(f"{'.'.join(key)} names {name!r}, which is no rule{hint}", *key)
        return frozenset(names)

    def _one_of(self, words: Iterable[str], value: Any, *key: str) -> str:
        for word in words:
            if value == word:
                return word
        text = f"{'.'.join(key)} is {value!r}; it must be one of {', '.join(words)}"
        raise self.error(text, *key)

    def _level(self, value: Any, *key: str) -> Level | None:
        return keys.level(self._one_of(keys.LEVELS, value, *key))

    def _pull_request(self, table: dict[str, Any]) -> dict[str, Any]:
        where = "pull-request"
        self.known(table, keys.PULL_REQUEST, where)
        found: dict[str, Any] = {}
        if "fail-on" in table:
            found["fail-on"] = self._level(table["fail-on"], where, "fail-on")
        for key in ("drafts", "bots"):
            if key in table:
                found[key] = self._of_kind(bool, table[key], where, key)
        return found

    def _fix_pull_requests(self, table: dict[str, Any]) -> dict[str, Any]:
        where = "fix-pull-requests"
        self.known(table, keys.FIX_PULL_REQUESTS, where)
        found: dict[str, Any] = {}
        if "group" in table:
            found["group"] = self._one_of(keys.GROUPS, table["group"], where, "group")
        if "labels" in table:
            labels = self.strings(table["labels"], where, "labels")
            if not all(0 < len(label.strip()) <= _LABEL_CHARACTERS for label in labels):
                text = f"{where}.labels must be names of at most {_LABEL_CHARACTERS} characters"
                raise self.error(text, where, "labels")
            found["labels"] = tuple(labels)
        if "limit" in table:
            found["limit"] = self._of_kind(int, table["limit"], where, "limit")
            if found["limit"] < 1:
                raise self.error(f"{where}.limit must be 1 or more", where, "limit")
        if "unsafe" in table:
            found["unsafe"] = self._rules(table["unsafe"], where, "unsafe")
        return found

    def _environments(self, table: dict[str, Any]) -> dict[str, Any]:
        where = "environments"
        self.known(table, keys.ENVIRONMENTS, where)
        found = {key: tuple(self.strings(table[key], where, key)) for key in table}
        for key, patterns in found.items():
            for pattern in patterns:
                trouble = objection(pattern)
                if trouble:
                    raise self.error(f"the pattern {pattern!r} {trouble}", where, key)
        return found

    def _options(self, table: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        there = rules(self.packs)
        if not self.incomplete:
            self.known(table, there, "rules")
        for name in [name for name in table if name in there]:
            given = table[name]
            where = ("rules", name)
            defaults = there[name].defaults
            self.known(self.table(given, *where), defaults, *where)
            for key, setting in given.items():
                wanted = type(defaults[key])
                if defaults[key] is not None:
                    self._of_kind(wanted, setting, *where, key)
                if wanted is list:
                    self.strings(setting, *where, key)
                wish = there[name].objection(key, setting)
                if wish:
                    raise self.error(f"{name}.{key} must be {wish}", *where, key)
                found[f"{name}.{key}"] = setting
        return found

    def _of_kind(self, kind: type, value: Any, *key: str) -> Any:
        if type(value) is not kind:
            name = ".".join(key).removeprefix("rules.")
            raise self.error(f"{name} must be {_KINDS.get(kind, kind.__name__)}", *key)
        return value
