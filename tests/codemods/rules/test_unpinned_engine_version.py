from __future__ import annotations

import pytest

from codemods import Safety, fix
from codemods.registry import rules
from tests.codemods.rules.stacks import database_stack as stack
from tests.codemods.rules.stacks import version_found as found
from tests.codemods.rules.verbs import Verbs, verbs
from tests.synthesis import Bench, differences

NAME = "unpinned-engine-version"
rewrites, leaves, reports = verbs(NAME, cdk_version="2.275.0")


@pytest.mark.parametrize(
    ("imports", "version"),
    [
        ("import aws_cdk as cdk", "cdk.aws_rds.PostgresEngineVersion"),
        ("import aws_cdk.aws_rds as rds", "rds.PostgresEngineVersion"),
        ("from aws_cdk import aws_rds", "aws_rds.PostgresEngineVersion"),
        ("from aws_cdk.aws_rds import PostgresEngineVersion", "PostgresEngineVersion"),
        ("from aws_cdk.aws_rds import PostgresEngineVersion as PG", "PG"),
        ("from aws_cdk import core, aws_rds", "aws_rds.PostgresEngineVersion"),
        ("from aws_cdk import aws_rds\nPG = aws_rds.PostgresEngineVersion", "PG"),
    ],
)
def test_it_knows_every_spelling_of_the_class(imports: str, version: str) -> None:
    code = f"{imports}\n\nversion = {version}.VER_15"
    rewrites(code, code + "_17")


def test_it_replaces_the_name_of_the_attribute_alone() -> None:
    code = (
        "import aws_cdk.aws_rds as rds\r\nv = (rds\t# 1\r\n  .PostgresEngineVersion # 2\r\n .{} )"
    )
    rewrites(code.format("VER_15").encode(), code.format("VER_15_17").encode())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('of("15", "15")', 'of("15.17", "15")'),
        ("of('15', '15', s3_import=True)", "of('15.17', '15', s3_import=True)"),
        (
            'of(postgres_full_version="15", postgres_major_version="15")',
            'of(postgres_full_version="15.17", postgres_major_version="15")',
        ),
        ("of(MAJOR, MAJOR)", 'of("15.17", MAJOR)'),
    ],
)
def test_of_with_a_bare_major_version_gets_a_full_one(before: str, after: str) -> None:
    code = "MAJOR = '15'\n" + stack("{}")
    if '"' not in before:
        code, after = code.replace('"', "'"), after.replace('"', "'")
    rewrites(code.replace("{}", before), code.replace("{}", after))


@pytest.mark.parametrize(
    "version",
    [
        "VER_15_4",
        "VER_15_17",
        'of("15.4", "15")',
        "of(config.version, major)",
        "of(*versions)",
        "__name__",
        "VER_15.postgres_major_version",
    ],
)
def test_it_leaves_full_versions_and_versions_from_elsewhere(version: str) -> None:
    leaves(stack(version))


@pytest.mark.parametrize(
    "code",
    [
        "rds.SqlServerEngineVersion.VER_15",
        "rds.AuroraPostgresEngineVersion.VER_15_3",
        "rds.DatabaseInstanceEngine.postgres",
        "rds.DatabaseInstanceEngine.SQL_SERVER_EE",
        "mine.PostgresEngineVersion.VER_15",
        "isinstance(version, rds.PostgresEngineVersion)",
    ],
)
def test_it_leaves_other_classes(code: str) -> None:
    leaves(f"import aws_cdk.aws_rds as rds\nimport mine\n\nx = {code}\n")


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("MysqlEngineVersion.VER_5_7", "mysql-5.7"),
        ("MysqlEngineVersion.VER_8_0", "mysql-8.0"),
        ('MysqlEngineVersion.of("8.4", "8.4")', "mysql-8.4"),
        ("MariaDbEngineVersion.VER_10_6", "mariadb-10.6"),
        ("MariaDbEngineVersion.VER_10_11", "mariadb-10.11"),
        ("OracleEngineVersion.VER_12_1", "oracle-12.1"),
        ("OracleEngineVersion.VER_19", "oracle-19"),
    ],
)
def test_other_engines_are_reported(code: str, key: str) -> None:
    reports(f"import aws_cdk.aws_rds as rds\n\nx = rds.{code}\n", f'"{key}" = ')


@pytest.mark.parametrize(
    ("engine", "method"),
    [
        ("POSTGRES", "postgres"),
        ("MYSQL", "mysql"),
        ("MARIADB", "maria_db"),
        ("ORACLE_SE2", "oracle_se2"),
    ],
)
def test_an_engine_without_any_version_is_reported(engine: str, method: str) -> None:
    code = f"import aws_cdk.aws_rds as rds\n\nx = rds.DatabaseInstanceEngine.{engine}\n"
    finding = reports(code, f"`{method}(version=…)`")
    assert "no version at all" in finding.message


@pytest.mark.parametrize(
    "code",
    [
        'rds.DatabaseInstanceFromSnapshot(s, "D", engine=ENGINE)',
        'rds.DatabaseInstanceReadReplica(s, "D", engine=ENGINE)',
        'e = ENGINE\nrds.DatabaseInstanceFromSnapshot(s, "D", engine=e)',
        'v = VERSION\ne = make(v)\nrds.DatabaseClusterFromSnapshot(s, "D", engine=e)',
    ],
)
def test_the_version_of_a_copy_is_reported(code: str) -> None:
    version = "rds.PostgresEngineVersion.VER_15"
    engine = f"rds.DatabaseInstanceEngine.postgres(version={version})"
    body = code.replace("ENGINE", engine).replace("VERSION", version)
    reports(f"import aws_cdk.aws_rds as rds\n\n{body}\n", "has to match the version of its source")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ('getattr(rds.PostgresEngineVersion, "VER_15")', "`getattr`"),
        ('getattr(rds.PostgresEngineVersion, f"VER_{version}")', "`getattr`"),
        ("version == rds.PostgresEngineVersion.VER_15", "compared"),
        ('rds.PostgresEngineVersion.of("15", "4")', "also told the major version 4"),
        ('rds.PostgresEngineVersion.of("15", postgres_major_version="4")', "major version 4"),
    ],
)
def test_versions_whose_meaning_is_not_certain_are_reported(code: str, reason: str) -> None:
    reports(f"import aws_cdk.aws_rds as rds\n\nx = {code}\n", reason)


def test_a_full_version_that_is_looked_up_is_left() -> None:
    leaves('import aws_cdk.aws_rds as rds\n\nx = getattr(rds.PostgresEngineVersion, "VER_15_4")\n')


def test_the_advice_about_upgrades_depends_on_what_the_database_says() -> None:
    advice = "set `auto_minor_version_upgrade=False`"
    assert advice in found(stack("VER_15")).message
    switched = "            auto_minor_version_upgrade=False,\n        )"
    assert advice not in found(stack("VER_15").replace("        )\n", f"{switched}\n")).message


def test_the_fix_is_unsafe_and_says_what_rds_does() -> None:
    finding = found(stack("VER_15"))
    assert finding.fix is not None
    assert finding.fix.safety is Safety.UNSAFE
    assert "refuses downgrades" in finding.fix.reason


def test_the_engine_version_changes_and_nothing_else(bench: Bench) -> None:
    rule = rules()[NAME]
    before = rule.section("Before")
    old_lib = fix(before.encode(), "s.py", Verbs(NAME, cdk_version="2.80.0")._policy, unsafe=True)
    assert b".of(" in old_lib.source
    for after in (rule.section("After"), old_lib.source.decode()):
        (old,), (new,) = (bench.stacks(code).values() for code in (before, after))
        ((path, change),) = differences(old, new).items()
        assert path.endswith("Properties.EngineVersion")
        assert change == ("15", "15.17")


def test_s3_import_and_export_survive_the_pin(bench: Bench) -> None:
    """The members have both features; a bare `.of` would fail to synthesize with these buckets."""
    code = """
from aws_cdk import Stack, aws_ec2 as ec2, aws_rds as rds, aws_s3 as s3

class DatabaseStack(Stack):
    def __init__(self, scope, construct_id, **kwargs):
        super().__init__(scope, construct_id, **kwargs)
        rds.DatabaseInstance(
            self,
            "D",
            vpc=ec2.Vpc(self, "Vpc"),
            engine=rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_15),
            s3_import_buckets=[s3.Bucket(self, "In")],
            s3_export_buckets=[s3.Bucket(self, "Out")],
        )
"""
    for cdk_version in ("2.275.0", "2.80.0"):
        policy = Verbs(NAME, cdk_version=cdk_version)._policy
        fixed = fix(code.encode(), "s.py", policy, unsafe=True).source.decode()
        (old,), (new,) = (bench.stacks(text).values() for text in (code, fixed))
        ((_, change),) = differences(old, new).items()
        assert change == ("15", "15.17")


@pytest.mark.parametrize(
    "text",
    [
        "self.version = rds.PostgresEngineVersion",
        "PostgresEngineVersion = rds.PostgresEngineVersion",
        "a = b = rds.PostgresEngineVersion",
        "getattr(rds.PostgresEngineVersion)",
    ],
)
def test_the_class_by_itself_is_no_version(text: str) -> None:
    leaves(f"from aws_cdk import aws_rds as rds\n{text}\n")


def test_a_version_that_comes_from_itself_is_no_endless_search() -> None:
    (finding,) = Verbs(NAME).finds(
        "from aws_cdk import aws_rds as rds\nversion = None\n"
        "version = version or rds.PostgresEngineVersion.VER_15\n"
    )
    assert finding.fix


def test_minor_upgrades_that_are_on_are_warned_of() -> None:
    (finding,) = Verbs(NAME).finds(
        "from aws_cdk import aws_rds as rds\nrds.DatabaseInstance(s, 'D', engine=rds."
        "DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_15), "
        "auto_minor_version_upgrade=True)\n"
    )
    assert "set `auto_minor_version_upgrade=False`" in finding.message
