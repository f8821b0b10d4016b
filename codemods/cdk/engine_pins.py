"""Which minor version of a database engine to pin, and how aws-cdk-lib spells it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from codemods.cdk.engine_versions import (
    Engine,
    Members,
    engine_version,
    first_release,
    members,
    newest_table,
)

_USUAL = {("postgres", "15"): "VER_15_4"}  # what reviews ask for, as long as RDS creates it
_ORACLE = re.compile(r"\.ru-(\d+)-(\d+)\.rur-\d+-\d+\.(r\d+)$")


@dataclass(frozen=True, slots=True)
class Pin:
    """A full version of an engine.

    Attributes:
        version: as RDS spells it, such as "15.17".
        member: the constant that means it, such as "VER_15_17"; "" where the code base's
            aws-cdk-lib has none, so that `.of(…)` must say it.
        why: a sentence about the choice.
    """

    version: str
    member: str
    why: str


def pin(
    engine: Engine,
    major: str,
    cdk_version: str | None,
    targets: Mapping[str, str],
    floor: str = "",
) -> Pin | str:
    """The full version to pin for a major one, or a sentence that says why there is none.

    The order: a configured target, exactly; the usual choice, as long as the newest table has it
    alive; the newest member that the code base has and the newest table has alive; and where it has
    none, the newest of the newest table, said with `.of(…)`.

    Args:
        engine: the engine.
        major: its major version as RDS spells it, such as "15" or "8.0".
        cdk_version: the aws-cdk-lib of the code base; None asks the newest table.
        targets: full versions by major version, or by engine and major version ("mysql-8.0"),
            which is the only key for Oracle, whose numbers others have too.
        floor: a full version of this major that the code names already; never go below it.
    """
    here = members(engine, cdk_version)
    target = targets.get(f"{engine}-{major}") or ("" if engine == "oracle" else targets.get(major))
    chosen = (
        _configured(engine, target, here) if target else _newest(engine, major, cdk_version, here)
    )
    least = member_of(floor) if floor else ""
    if isinstance(chosen, str) or not least or _number(chosen.version) >= engine_version(least):
        return chosen
    if target:
        return f"The configured target {target} is below {floor}, which this file names already."
    return Pin(floor, least if least in _all(here) else "", f"{floor} is in this file already.")


def version_of(member: str) -> str:
    """A member's version as RDS spells it: "VER_15_4" is "15.4"."""
    return member.removeprefix("VER_").lower().replace("_rds_", "-rds.").replace("_", ".")


def member_of(version: str) -> str:
    """What a member for a version is called: "15.4" is "VER_15_4"; a member's name stays."""
    spelled = _ORACLE.sub(r".\1.\2.\3", version.removeprefix("VER_"))
    return "VER_" + re.sub(r"[^0-9A-Za-z]+", "_", spelled).upper()


def is_target(key: str, target: object) -> bool:
    """Whether `targets` can name a version for a key: a full version of the key's major one."""
    if not isinstance(target, str) or not re.fullmatch(r"(VER_)?\d[\w.-]*", target):
        return False
    return member_of(target).startswith(f"{member_of(key.rpartition('-')[2])}_")


def _configured(engine: Engine, target: str, here: Members) -> Pin | str:
    member = member_of(target)
    exists = member in _all(here)
    if target.startswith("VER_"):
        if not exists:
            return f"The aws-cdk-lib of this code base has no `{target}`, the configured target."
        target = version_of(target)
    why = f"{target} is the configured target."
    if member in members(engine, None).deprecated:
        why += " Mind that RDS no longer creates it: a new database with it fails to deploy."
    return Pin(target, member if exists else "", why)


def _newest(engine: Engine, major: str, cdk_version: str | None, here: Members) -> Pin | str:
    if engine != "postgres":
        return (
            f"No version to pin is configured for {major} of this engine; "
            f'`targets = {{ "{engine}-{major}" = "…" }}` makes it fixable.'
        )
    alive = _of_major(members(engine, None).live, major)
    if not alive:
        return f"aws-cdk-lib {newest_table()} knows no PostgreSQL {major} that RDS still creates."
    usual = _USUAL.get((engine, major), "")
    if usual in alive and usual in _all(here):
        return Pin(version_of(usual), usual, f"{version_of(usual)} is the usual choice.")
    present = [member for member in alive if member in _all(here)]
    chosen = max(present or alive, key=engine_version)
    version = version_of(chosen)
    if not present:
        why = (
            f"{version} is the newest that RDS creates, and aws-cdk-lib {cdk_version} has no "
            "constant for any that it still creates."
        )
    elif cdk_version is None:
        why = (
            f"{version} is the newest that RDS creates; `{chosen}` needs aws-cdk-lib "
            f"{first_release(engine, chosen)} or newer, and which one is used is not known here."
        )
    else:
        why = f"{version} is the newest that aws-cdk-lib {cdk_version} has and RDS creates."
    if usual and usual not in alive:
        why += f" {version_of(usual)} is no longer created by RDS."
    return Pin(version, chosen if present else "", why)


def _of_major(names: tuple[str, ...], major: str) -> list[str]:
    prefix = member_of(major) + "_"
    return [name for name in names if name.startswith(prefix)]


def _number(version: str) -> tuple[int, ...]:
    return engine_version(member_of(version))


def _all(known: Members) -> frozenset[str]:
    return frozenset(known.live + known.deprecated)
