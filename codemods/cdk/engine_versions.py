"""Which engine versions an aws-cdk-lib knows, from the generated table beside this module.

The table is read from the published packages (see `tools/update_engine_versions.py`). It holds a
sample of the releases, and a version in between is answered by the nearest sample before it. A
member that existed then exists later too, so an answer may lack a member and never invents one.
"""

from __future__ import annotations

import functools
import os
import re
from dataclasses import dataclass
from typing import Any, Literal

Engine = Literal["postgres", "mysql", "mariadb", "oracle"]


@dataclass(frozen=True, slots=True)
class Members:
    """The members of one engine's version class (`VER_15_4`), oldest engine version first.

    `cdk_version` is the aws-cdk-lib release whose table answers; "" where it is older than every
    release of the table, and then nothing is known. `deprecated` members still exist, and RDS
    refuses to create them.
    """

    live: tuple[str, ...]
    deprecated: tuple[str, ...]
    cdk_version: str


@functools.cache
def members(engine: Engine, cdk_version: str | None) -> Members:
    """The members of an engine's version class in aws-cdk-lib `cdk_version`.

    `cdk_version` is a release as lock files spell it ("2.160.0", "2.160.0.post1"); None, or a text
    that begins with no number, asks the newest release of the table.
    """
    table = _table()
    read: list[str] = table["read"]
    asked = release(cdk_version) if cdk_version is not None else ()
    known = [version for version in read if not asked or release(version) <= asked]
    if not known:
        return Members((), (), "")
    states = {name: _state(changes, release(known[-1])) for name, changes in table[engine].items()}
    return Members(
        live=tuple(name for name, state in states.items() if state == "live"),
        deprecated=tuple(name for name, state in states.items() if state == "deprecated"),
        cdk_version=known[-1],
    )


def first_release(engine: Engine, member: str) -> str:
    """The oldest release of the table that has a member; "" for one that it does not know."""
    return next(iter(_table()[engine].get(member, {})), "")


def newest_table() -> str:
    """The newest aws-cdk-lib release that the table was read from."""
    newest: str = _table()["read"][-1]
    return newest


def release(version: str) -> tuple[int, ...]:
    """The first three numbers of a version, to compare with others: `"2.160"` → `(2, 160, 0)`.

    A text that begins with no number gives `()`.
    """
    found = re.match(r"\s*v?(\d+)(?:\.(\d+))?(?:\.(\d+))?", version)
    return tuple(int(number or 0) for number in found.groups()) if found else ()


def engine_version(member: str) -> tuple[int, ...]:
    """The numbers in a member's name: `"VER_15_4"` → `(15, 4)`."""
    return tuple(map(int, re.findall(r"\d+", member)))


def _state(changes: dict[str, str], at: tuple[int, ...]) -> str:
    state = "absent"
    for version, then in changes.items():
        if release(version) <= at:
            state = then
    return state


@functools.cache
def _table() -> dict[str, Any]:
    import json

    data = os.path.join(os.path.dirname(__file__), "data", "engine_versions.json")
    with open(data, encoding="utf-8") as file:
        table: dict[str, Any] = json.load(file)
    return table
