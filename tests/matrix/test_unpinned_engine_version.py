"""What `unpinned-engine-version` changes in a template."""

from typing import Any

import pytest

from codemods.cdk.engine_versions import members
from tests.matrix.forms import Form
from tests.matrix.proof import Pair, prove, spare, unused
from tests.synthesis import Bench

RULE = "unpinned-engine-version"
CHANGES = ("AWS::RDS::DBInstance.EngineVersion",)
DATABASE = """
vpc = ec2.Vpc.from_vpc_attributes(
    SCOPE,
    "Vpc",
    vpc_id="vpc-1",
    availability_zones=["a", "b"],
    isolated_subnet_ids=["subnet-1", "subnet-2"],
)
{before}
rds.DatabaseInstance(
    SCOPE,
    "Database",
    vpc=vpc,
    vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
    engine=rds.DatabaseInstanceEngine.{engine},{more}
)
"""
POSTGRES = "postgres(version=rds.PostgresEngineVersion.{})"
BUCKETS = """
    s3_import_buckets=[s3.Bucket(SCOPE, "In")],
    s3_export_buckets=[s3.Bucket(SCOPE, "Out")],"""


def database(
    engine: str, expected: object, before: str = "", more: str = "", **settings: Any
) -> Form:
    """A database, and its version before and after, or why it is left."""
    code = DATABASE.format(engine=engine, before=before, more=more)
    changes = () if isinstance(expected, str) else CHANGES
    return Form(code, changes, expected=expected, **settings)


def postgres(version: str, expected: object, **settings: Any) -> Form:
    return database(POSTGRES.format(version), expected, **settings)


def newest(major: str) -> str:
    """The newest minor version of a major one of PostgreSQL that is not deprecated."""
    names = [it for it in members("postgres", None).live if it.startswith(f"VER_{major}_")]
    return f"{major}.{max(int(name.rpartition('_')[2]) for name in names)}"


def target(key: str, version: str) -> dict[str, Any]:
    return {"options": {"targets": {key: version}}}


PINNED = ("15", newest("15"))
ORACLE = "19.0.0.0.ru-2024-10.rur-2024-10.r1"
FORMS = {
    "the class": postgres("VER_15", PINNED),
    "another major version": postgres("VER_16", ("16", newest("16"))),
    "a variable": database(
        "postgres(version=version)", PINNED, "version = rds.PostgresEngineVersion.VER_15"
    ),
    "of": postgres('of("15", "15")', PINNED),
    "no constant for it": postgres("VER_15", PINNED, cdk_version="2.80.0"),
    "S3 import and export": postgres("VER_15", PINNED, more=BUCKETS),
    "S3, and no constant": postgres("VER_15", PINNED, more=BUCKETS, cdk_version="2.80.0"),
    "an older aws-cdk-lib": postgres("VER_15", ("15", "15.13"), cdk_version="2.200.0"),
    "a target": postgres("VER_15", ("15", "15.4"), **target("15", "15.4")),
    "a target for MySQL": database(
        "mysql(version=rds.MysqlEngineVersion.VER_8_0)",
        ("8.0", "8.0.40"),
        **target("mysql-8.0", "8.0.40"),
    ),
    "a target for MariaDB": database(
        "maria_db(version=rds.MariaDbEngineVersion.VER_10_11)",
        ("10.11", "10.11.10"),
        **target("mariadb-10.11", "10.11.10"),
    ),
    "a target for Oracle": database(
        "oracle_se2(version=rds.OracleEngineVersion.VER_19)",
        ("19", ORACLE),
        **target("oracle-19", ORACLE),
    ),
    "the resource itself": Form(
        'rds.CfnDBInstance(SCOPE, "Database", engine="postgres", '
        "engine_version=rds.PostgresEngineVersion.VER_15.postgres_full_version)",
        CHANGES,
        expected=PINNED,
    ),
}
LEFT = {
    "a full version": postgres(f"VER_{newest('15').replace('.', '_')}", ""),
    "a full version by of": postgres('of("15.4", "15")', ""),
    "SQL Server": database("sql_server_ex(version=rds.SqlServerEngineVersion.VER_15)", ""),
    "no version": database("POSTGRES", "not known"),
    "looked up": database(
        'postgres(version=getattr(rds.PostgresEngineVersion, "VER_15"))', "getattr"
    ),
    "compared": postgres(
        'of("15.4", "15")', "compared", before="rds.PostgresEngineVersion.VER_15 == None"
    ),
    "no target": database("mysql(version=rds.MysqlEngineVersion.VER_8_0)", "No version to pin"),
}


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_the_database_gets_a_full_version(bench: Bench, form: str) -> None:
    def then(pair: Pair) -> None:
        versions = list(pair.values("AWS::RDS::DBInstance", "EngineVersion"))
        assert versions == [FORMS[form].expected]

    prove(bench, RULE, FORMS, form, then)


@pytest.mark.slow
@pytest.mark.parametrize("form", LEFT)
def test_what_is_right_or_refused_stays(bench: Bench, form: str) -> None:
    spare(bench, RULE, LEFT, form)


def test_the_rule_declares_nothing_that_no_form_changes() -> None:
    assert unused(RULE, FORMS) == set()
