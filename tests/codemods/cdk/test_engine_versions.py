"""The table of engine versions, and the questions that rules ask it."""

import importlib.metadata
import re

import pytest
from aws_cdk import aws_rds

from codemods.cdk.engine_versions import Engine, engine_version, members, newest_table, release


def postgres_15(names: tuple[str, ...]) -> list[int]:
    """The minors of the PostgreSQL 15 members among `names`: `VER_15_4` → 4."""
    return [int(name.removeprefix("VER_15_")) for name in names if name.startswith("VER_15_")]


@pytest.mark.parametrize(
    ("cdk_version", "live", "deprecated"),
    [
        ("2.80.0", [2], []),
        ("2.120.0", [2, 3, 4, 5], []),
        ("2.160.0", [4, 5, 6, 7, 8], [2, 3]),
        ("2.200.0", [7, 8, 9, 10, 11, 12, 13], [2, 3, 4, 5, 6]),
        ("2.230.0", [10, 12, 13, 14, 15], [2, 3, 4, 5, 6, 7, 8, 9, 11]),
        ("2.275.0", [7, 8, 10, 12, 13, 14, 15, 16, 17], [2, 3, 4, 5, 6, 9, 11]),
    ],
)
def test_the_postgresql_15_members_are_those_of_the_published_packages(
    cdk_version: str, live: list[int], deprecated: list[int]
) -> None:
    found = members("postgres", cdk_version)
    assert postgres_15(found.live) == live
    assert postgres_15(found.deprecated) == deprecated


@pytest.mark.parametrize(
    ("engine", "kind"),
    [
        ("postgres", aws_rds.PostgresEngineVersion),
        ("mysql", aws_rds.MysqlEngineVersion),
        ("mariadb", aws_rds.MariaDbEngineVersion),
        ("oracle", aws_rds.OracleEngineVersion),
    ],
)
def test_the_newest_table_has_every_member_of_the_installed_library(
    engine: Engine, kind: type[object]
) -> None:
    installed = importlib.metadata.version("aws-cdk-lib")
    assert release(newest_table()) >= release(installed)
    found = members(engine, installed)
    known = {name for name in vars(kind) if name.startswith("VER_")}
    assert set(found.live) | set(found.deprecated) == known


def test_a_release_between_two_samples_is_answered_by_the_one_before() -> None:
    assert members("postgres", "2.165.3").cdk_version == "2.160.0"
    assert members("postgres", "2.160").cdk_version == "2.160.0"


def test_an_unknown_release_asks_the_newest_table() -> None:
    newest = members("postgres", newest_table())
    assert members("postgres", None) == newest
    assert members("postgres", "the one from the monorepo") == newest
    assert members("postgres", "2.999.0") == newest


def test_nothing_is_known_of_a_release_older_than_the_table() -> None:
    found = members("postgres", "1.204.0")
    assert (found.live, found.deprecated, found.cdk_version) == ((), (), "")


def test_no_member_is_both_live_and_deprecated_and_each_is_listed_in_its_version_order() -> None:
    found = members("postgres", None)
    assert not set(found.live) & set(found.deprecated)
    for names in (found.live, found.deprecated):
        assert [engine_version(name) for name in names] == sorted(map(engine_version, names))
        assert all(re.fullmatch(r"VER_\d+(_\w+)*", name) for name in names)
