from __future__ import annotations

import pytest

from codemods import fix
from codemods.cdk.engine_pins import Pin, is_target, pin
from codemods.cdk.engine_versions import Members, members, newest_table
from tests.codemods.rules.stacks import database_stack as stack
from tests.codemods.rules.stacks import version_found as found
from tests.codemods.rules.verbs import Verbs, verbs

NAME = "unpinned-engine-version"
rewrites, _leaves, reports = verbs(NAME, cdk_version="2.275.0")


def with_targets(targets: dict[str, str], cdk_version: str | None = "2.275.0") -> Verbs:
    return Verbs(NAME, {"targets": targets}, cdk_version=cdk_version)


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


@pytest.mark.parametrize(
    ("key", "target", "fits"),
    [
        ("15", "15.4", True),
        ("15", "VER_15_4", True),
        ("mysql-8.0", "8.0.45", True),
        ("oracle-19", "19.0.0.0.ru-2025-10.rur-2025-10.r1", True),
        ("15", 15.4, False),
        ("15", "15", False),
        ("15", "16.1", False),
        ("1", "15.4", False),
        ("15", "latest", False),
        ("15", "", False),
    ],
)
def test_a_target_is_a_full_version_of_its_major_one(
    key: str, target: object, *, fits: bool
) -> None:
    assert is_target(key, target) is fits


def test_a_major_version_that_is_no_longer_created_is_reported() -> None:
    reports(stack("VER_10"), "knows no PostgreSQL 10 that RDS still creates")


def test_the_usual_version_is_taken_while_it_is_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    alive = Members(cdk_version="2.275.0", live=("VER_15_4", "VER_15_5"), deprecated=())
    monkeypatch.setattr("codemods.cdk.engine_pins.members", lambda *_: alive)
    chosen = pin("postgres", "15", None, {}, "")
    assert isinstance(chosen, Pin)
    assert (chosen.member, chosen.why) == ("VER_15_4", "15.4 is the usual choice.")
