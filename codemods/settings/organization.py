"""The policy of an organization: the `.cdk-medic.toml` of its `.github` repository.

It says what every repository's configuration may say, as the layer under it, and three things more:
which keys a repository cannot weaken (`locked`), which repositories are the bot's business at all
(`[repositories]`), and how far it may go in them (`[rings]`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from codemods.settings import keys
from codemods.settings.configuration import OWN_FILE
from codemods.settings.reader import Reader, document

REPOSITORY = ".github"
FILE = OWN_FILE
RINGS = {"report": "report", "suggest": "suggest", "fix": ""}
"""By ring, from the narrowest to the widest, the mode that caps every other; empty caps none."""

_DESK_ONLY = ("rule-packs",)  # the bot imports no packs, so there is nothing to lock


@dataclass(frozen=True, slots=True)
class Organization:
    """What an organization wants of its repositories; without a file, nothing.

    Attributes:
        path: what sentences call the file; empty where there is none.
        settings: as `codemods.settings.reader.Reader.settings` gives them.
        locked: keys, and tables of keys, that a repository cannot weaken.
        allow: patterns for the names of the only repositories to work in; empty means all.
        deny: patterns for the names of those to leave alone, whatever `allow` says.
        rings: by ring, patterns for the names of the repositories in it.
    """

    path: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    locked: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    rings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def admits(self, repository: str) -> bool:
        """Whether the bot may work in a repository, given by its name without the owner's."""
        allowed = not self.allow or _names(self.allow, repository)
        return allowed and not _names(self.deny, repository)

    def cap(self, repository: str) -> str:
        """The mode that a repository's cannot go beyond; empty where there is no such limit.

        The widest ring that names a repository is its own, so that `report = ["*"]` holds back all
        that no other ring names. One that none names is not held back.
        """
        named = [ring for ring, patterns in self.rings.items() if _names(patterns, repository)]
        return next((cap for ring, cap in reversed(RINGS.items()) if ring in named), "")

    def locks(self, key: str) -> bool:
        """Whether a key, such as `"rules.shared-nat-gateway.azs"`, or a table around it is one."""
        return any(key == locked or key.startswith(f"{locked}.") for locked in self.locked)


def parse(data: bytes, path: str) -> Organization:
    """The policy in a file's bytes.

    Raises:
        UsageError: where the file says what cannot be meant.
    """
    text, table = document(data, path)
    reader = Reader(path, text)
    locked = table.pop("locked", [])
    repositories = reader.table(table.pop("repositories", {}), "repositories")
    rings = reader.table(table.pop("rings", {}), "rings")
    reader.known(repositories, ("allow", "deny"), "repositories")
    reader.known(rings, RINGS, "rings")
    known = lockable()
    for key in reader.strings(locked, "locked"):
        if key not in known:
            raise reader.unknown(f"locked names {key!r}, which is no key", key, known, "locked")
    return Organization(
        path,
        reader.settings(table),
        tuple(locked),
        allow=_patterns(reader, repositories, "repositories", "allow"),
        deny=_patterns(reader, repositories, "repositories", "deny"),
        rings={ring: _patterns(reader, rings, "rings", ring) for ring in RINGS},
    )


def unreadable(path: str) -> Organization:
    """What holds while nobody can tell what the file says: all is locked, the bot only reports.

    Whether a repository is denied cannot be told either. To say in its check run that the policy is
    broken is the least that the bot can do, and does no harm there.
    """
    return Organization(path, locked=keys.KEYS, rings={"report": ("*",)})


def lockable() -> list[str]:
    """What `locked` may name."""
    from codemods.registry import rules

    return [
        *(key for key in keys.KEYS if key not in _DESK_ONLY),
        *(f"pull-request.{key}" for key in keys.PULL_REQUEST),
        *(f"fix-pull-requests.{key}" for key in keys.FIX_PULL_REQUESTS),
        *(f"environments.{key}" for key in keys.ENVIRONMENTS),
        *(f"rules.{rule}" for rule in rules()),
        *(f"rules.{rule}.{key}" for rule, kind in rules().items() for key in kind.defaults),
    ]


def _patterns(reader: Reader, table: Mapping[str, Any], *key: str) -> tuple[str, ...]:
    patterns = reader.strings(table.get(key[-1], []), *key)
    for pattern in patterns:
        if not pattern or "/" in pattern:
            text = f"{'.'.join(key)} names {pattern!r}; a repository is named without its owner"
            raise reader.error(text, *key)
    return tuple(patterns)


def _names(patterns: Iterable[str], repository: str) -> bool:
    """GitHub takes no notice of the case of names."""
    return any(fnmatchcase(repository.lower(), pattern.lower()) for pattern in patterns)
