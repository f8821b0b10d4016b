from __future__ import annotations

import pytest

from codemods import Finding, Safety, fix
from codemods.engine_versions import members, newest_table
from codemods.registry import rules
from tests.codemods.rules.verbs import Source, Verbs, verbs
from tests.synthesis import Bench, differences

NAME = "unpinned-engine-version"
rewrites, leaves, reports = verbs(NAME, cdk_version="2.275.0")

STACK = """
from aws_cdk import Stack, aws_rds as rds

class DatabaseStack(Stack):
    def __init__(self, scope, construct_id, **kwargs):
        super().__init__(scope, construct_id, **kwargs)
        rds.DatabaseInstance(
            self,
            "Payments",
            engine=rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.{version}),
        )
"""


def stack(version: str) -> str:
    return STACK.replace("{version}", version)


def with_targets(targets: dict[str, str], cdk_version: str | None = "2.275.0") -> Verbs:
    return Verbs(NAME, {"targets": targets}, cdk_version=cdk_version)


def found(code: Source, cdk_version: str | None = "2.275.0", **targets: str) -> Finding:
    (finding,) = Verbs(NAME, {"targets": targets}, cdk_version=cdk_version).finds(code)
    return finding


@pytest.mark.parametrize(
    ("cdk_version", "after"),
    [
        ("2.275.0", "VER_15_17"),
        (None, "VER_15_17"),
        ("2.230.0", "VER_15_15"),
        ("2.200.0", "VER_15_13"),
        ("2.163.1", "VER_15_8"),
    ],
)
def test_it_pins_the_newest_that_the_code_base_has_and_rds_creates(
    cdk_version: str | None, after: str
) -> None:
    Verbs(NAME, cdk_version=cdk_version).rewrites(stack("VER_15"), stack(after))


@pytest.mark.parametrize("cdk_version", ["2.80.0", "2.120.0", "1.204.0"])
def test_an_aws_cdk_lib_without_a_living_member_gets_of(cdk_version: str) -> None:
    finding = Verbs(NAME, cdk_version=cdk_version, line_length=200).rewrites(
        stack("VER_15"), stack('of("15.17", "15", s3_import=True, s3_export=True)')
    )
    assert f"aws-cdk-lib {cdk_version} has no constant" in finding.message


@pytest.mark.parametrize(
    ("version", "after"), [("VER_13", "VER_13_23"), ("VER_16", "VER_16_13"), ("VER_18", "VER_18_3")]
)
def test_other_major_versions_stay_themselves(version: str, after: str) -> None:
    rewrites(stack(version), stack(after))


def test_every_version_that_it_writes_is_alive_and_has_the_same_major() -> None:
    known = members("postgres", newest_table())
    majors = [name for name in known.live if name.count("_") == 1]
    assert len(majors) > 5
    for major in majors:
        fixed = fix(stack(major).encode(), "stack.py", Verbs(NAME)._policy, unsafe=True)
        member = fixed.source.decode().rpartition("PostgresEngineVersion.")[2].partition(")")[0]
        assert member in known.live
        assert member.startswith(f"{major}_")


@pytest.mark.parametrize("version", ["VER_10", "VER_99"])
def test_a_version_that_rds_no_longer_creates_or_nobody_knows_is_reported(version: str) -> None:
    reports(stack(version), f"no PostgreSQL {version.removeprefix('VER_')} that RDS still creates")


def test_the_finding_says_why_it_is_not_15_4() -> None:
    assert "15.4 is no longer created by RDS" in found(stack("VER_15")).message
    assert "15.4" not in found(stack("VER_16")).message


def test_the_finding_says_where_the_choice_came_from() -> None:
    assert "newest that aws-cdk-lib 2.275.0 has and RDS creates" in found(stack("VER_15")).message
    unknown = found(stack("VER_15"), cdk_version=None).message
    assert "`VER_15_17` needs aws-cdk-lib 2.260.0 or newer" in unknown


@pytest.mark.parametrize("target", ["15.4", "VER_15_4"])
def test_a_configured_target_is_taken_exactly_and_warned_of_where_it_is_dead(target: str) -> None:
    finding = with_targets({"15": target}).rewrites(stack("VER_15"), stack("VER_15_4"))
    assert "15.4 is the configured target. Mind that RDS no longer creates it" in finding.message
    alive = with_targets({"postgres-15": "15.12"}).rewrites(stack("VER_15"), stack("VER_15_12"))
    assert "Mind" not in alive.message


def test_a_target_without_a_constant_is_written_with_of() -> None:
    finding = Verbs(
        NAME, {"targets": {"15": "15.99"}}, cdk_version="2.275.0", line_length=200
    ).rewrites(stack("VER_15"), stack('of("15.99", "15", s3_import=True, s3_export=True)'))
    assert "configured target" in finding.message


def test_a_target_that_is_a_constant_of_another_release_is_reported() -> None:
    with_targets({"15": "VER_15_17"}, "2.160.0").reports(stack("VER_15"), "has no `VER_15_17`")


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
    ("before", "targets", "after"),
    [
        ("MysqlEngineVersion.VER_8_0", {"8.0": "8.0.45"}, "MysqlEngineVersion.VER_8_0_45"),
        (
            "MariaDbEngineVersion.VER_10_6",
            {"mariadb-10.6": "10.6.25"},
            "MariaDbEngineVersion.VER_10_6_25",
        ),
        (
            "OracleEngineVersion.VER_19",
            {"oracle-19": "19.0.0.0.ru-2025-10.rur-2025-10.r1"},
            "OracleEngineVersion.VER_19_0_0_0_2025_10_R1",
        ),
        (
            'MysqlEngineVersion.of("8.4", "8.4")',
            {"mysql-8.4": "8.4.9"},
            'MysqlEngineVersion.of("8.4.9", "8.4")',
        ),
        ("MysqlEngineVersion.VER_8_0", {"8.0": "8.0.99"}, 'MysqlEngineVersion.of("8.0.99", "8.0")'),
    ],
)
def test_other_engines_are_fixed_where_a_target_is_configured(
    before: str, targets: dict[str, str], after: str
) -> None:
    code = "import aws_cdk.aws_rds as rds\n\nx = rds."
    with_targets(targets).rewrites(code + before, code + after)


def test_the_postgres_target_of_a_number_is_not_that_of_oracle() -> None:
    code = "import aws_cdk.aws_rds as rds\n\nx = rds.OracleEngineVersion.VER_18\n"
    with_targets({"18": "18.1"}).reports(code, '"oracle-18" = ')


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
    ],
)
def test_versions_that_are_looked_up_or_compared_are_reported(code: str, reason: str) -> None:
    reports(f"import aws_cdk.aws_rds as rds\n\nx = {code}\n", reason)


def test_a_full_version_that_is_looked_up_is_left() -> None:
    leaves('import aws_cdk.aws_rds as rds\n\nx = getattr(rds.PostgresEngineVersion, "VER_15_4")\n')


@pytest.mark.parametrize(
    "named", ['of("15.18", "15")', 'of(postgres_full_version="15.18", postgres_major_version="15")']
)
def test_it_never_goes_below_what_the_file_says(named: str) -> None:
    other = f"        x = rds.PostgresEngineVersion.{named}\n"
    wide = Verbs(NAME, cdk_version="2.275.0", line_length=200)
    wide.rewrites(
        stack("VER_15") + other,
        stack('of("15.18", "15", s3_import=True, s3_export=True)') + other,
    )
    lower = Verbs(NAME, {"targets": {"15": "15.12"}}, cdk_version="2.275.0")
    lower.reports(stack("VER_15") + other, "15.12 is below 15.18")
    older = "        x = rds.PostgresEngineVersion.VER_15_8, rds.PostgresEngineVersion.VER_14_22\n"
    rewrites(stack("VER_15") + older, stack("VER_15_17") + older)


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


def test_a_long_line_with_of_is_laid_out_as_a_formatter_would() -> None:
    code = """
        import aws_cdk.aws_rds as rds

        def f():
            return make(
                version=rds.PostgresEngineVersion.{},
            )
        """
    in_one = 'of("15.17", "15", s3_import=True, s3_export=True)'
    in_three = """of(
                    "15.17", "15", s3_import=True, s3_export=True
                )"""
    in_six = """of(
                    "15.17",
                    "15",
                    s3_import=True,
                    s3_export=True,
                )"""
    for length, after in ((120, in_one), (79, in_three), (50, in_six)):
        narrow = Verbs(NAME, cdk_version="2.80.0", line_length=length)
        narrow.rewrites(code.format("VER_15"), code.format(after))


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
