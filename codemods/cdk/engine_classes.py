"""The classes of aws-cdk-lib that hold database engine versions, and what a file says of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from codemods.cdk.engine_pins import member_of, version_of
from codemods.cdk.engine_versions import Engine, engine_version
from codemods.code.module import Module, argument


@dataclass(frozen=True)
class EngineVersions:
    """A class of aws-cdk-lib with an engine's versions.

    Attributes:
        engine: the engine's key in the table of versions.
        label: what people call the engine.
        major: the members that say a major version only.
        parameter: the first parameter of `.of`, the full version.
        flags: further arguments for `.of`: what the members have and `.of` leaves out.
    """

    engine: Engine
    label: str
    major: re.Pattern[str]
    parameter: str
    flags: tuple[str, ...] = ()


ENGINE_VERSIONS = {
    "aws_cdk.aws_rds.PostgresEngineVersion": EngineVersions(
        "postgres",
        "PostgreSQL",
        re.compile(r"VER_\d+"),
        "postgres_full_version",
        ("s3_import=True", "s3_export=True"),
    ),
    "aws_cdk.aws_rds.MysqlEngineVersion": EngineVersions(
        "mysql", "MySQL", re.compile(r"VER_\d+_\d+"), "mysql_full_version"
    ),
    "aws_cdk.aws_rds.MariaDbEngineVersion": EngineVersions(
        "mariadb", "MariaDB", re.compile(r"VER_\d+_\d+"), "maria_db_full_version"
    ),
    "aws_cdk.aws_rds.OracleEngineVersion": EngineVersions(
        "oracle", "Oracle", re.compile(r"VER_\d+(_[12])?"), "oracle_full_version"
    ),
}


def newest_named(name: str, member: str, module: Module) -> str:
    """The newest full version of a major one that the file names; empty where it names none."""
    found = [
        version_of(attribute.attr)
        for word in set(re.findall(rf"\b{member}_\w+", module.source.text))
        for attribute in module.scopes.attributes(word)
        if module.names.qualified(attribute.value) == name
    ]
    for attribute in module.scopes.attributes("of"):
        call = module.call_of(attribute)
        if call is not None and module.names.qualified(attribute.value) == name:
            text = module.names.string(argument(call, ENGINE_VERSIONS[name].parameter, 0)) or ""
            if member_of(text).startswith(f"{member}_"):
                found.append(text)
    return max(found, key=lambda version: engine_version(member_of(version)), default="")
