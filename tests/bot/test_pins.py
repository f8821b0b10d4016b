from __future__ import annotations

import json
import time

import pytest

from bot.pins import PINS_AT_MOST, Witnesses, is_test
from codemods import Base, analyse

STACK = """from aws_cdk import Stack, aws_ec2 as ec2, aws_lambda as lambda_, aws_rds as rds
from aws_cdk import aws_s3 as s3


class Payments(Stack):
    def __init__(self, scope, id, suffix):
        super().__init__(scope, id)
        ec2.Vpc(
            self,
            "PaymentVpc",
            max_azs=3,
            nat_gateways=1,
        )
        s3.Bucket(self, "Audit", bucket_name="payment-audit-logs")
        s3.Bucket(self, "Exports", bucket_name=f"payment-{suffix}-exports")
        lambda_.Function(self, "Run", reserved_concurrent_executions=10,
            runtime=lambda_.Runtime.PYTHON_3_12, handler="a.b", code=lambda_.Code.from_inline("1"))
        rds.DatabaseInstance(self, "Db", vpc=None, engine=rds.DatabaseInstanceEngine.postgres(
            version=rds.PostgresEngineVersion.VER_15))
"""
IMPORT = "from infra.payments import Payments\n\n"


def pinned(files: dict[str, str], others: tuple[str, ...] = (), stack: str = STACK) -> list[str]:
    """Each pin as "rule path:line text"."""
    sources = {"infra/payments.py": stack} | files
    tests = Witnesses([*sources, *others])
    for path, text in sources.items():
        tests.see(path, text.encode())
    content = stack.encode()
    findings = analyse(content, "infra/payments.py", edits=True, base=Base(unread=True)).findings
    return [
        f"{finding.rule} {pin.path}:{pin.line} {pin.text}"
        for finding in findings
        for pin in tests.pins(finding, content)
    ]


def in_test(line: str) -> list[str]:
    return pinned({"tests/unit/test_payments.py": IMPORT + line + "\n"})


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ('template.resource_count_is("AWS::EC2::NatGateway", 1)', "shared-nat-gateway"),
        ("self.template.resource_count_is('AWS::EC2::EIP', 1)", "shared-nat-gateway"),
        (
            'assert len(template.find_resources("AWS::EC2::NatGateway")) == 1',
            "shared-nat-gateway",
        ),
        ('{"BucketName": "payment-audit-logs"}', "bucket-name-without-account"),
        ("'BucketName': 'payment-dev-exports',", "bucket-name-without-account"),
        ('"BucketName": f"payment-{env}-exports",', "bucket-name-without-account"),
        ('"ReservedConcurrentExecutions": 10,', "fixed-reserved-concurrency"),
        ('"EngineVersion": "15",', "unpinned-engine-version"),
    ],
)
def test_a_line_that_expects_the_old_value_is_named(line: str, rule: str) -> None:
    assert in_test(line) == [f"{rule} tests/unit/test_payments.py:3 {line}"]


@pytest.mark.parametrize(
    "line",
    [
        'template.resource_count_is("AWS::EC2::NatGateway", 0)',
        'template.resource_count_is("AWS::EC2::NatGateway", 10)',
        'template.resource_count_is("AWS::EC2::VPC", 1)',
        '"BucketName": "payment-audit-logs-2"',
        '"BucketName": "payment--exports-dev"',
        '"BucketName": f"{name}"',
        '"BucketName": f"{a}-{b}"',
        '"BucketName": Match.any_value()',
        '"ReservedConcurrentExecutions": 100,',
        '"EngineVersion": "15.4",',
        '"EngineVersion": "16",',
    ],
)
def test_a_line_that_expects_anything_else_is_not(line: str) -> None:
    assert in_test(line) == []


def test_a_call_over_several_lines_is_named_where_it_begins() -> None:
    call = 'template.resource_count_is(\n    "AWS::EC2::NatGateway",\n    1,\n)'
    assert in_test(call) == [
        "shared-nat-gateway tests/unit/test_payments.py:3 template.resource_count_is("
    ]


def test_a_test_that_does_not_reach_the_file_is_about_something_else() -> None:
    line = 'template.resource_count_is("AWS::EC2::NatGateway", 1)\n'
    assert pinned({"tests/test_a.py": "from infra.search import Search\n" + line}) == []
    through_another = {
        "infra/app.py": "from .payments import Payments\n",
        "tests/test_app.py": "from infra.app import App\n" + line,
    }
    assert len(pinned(through_another)) == 1


def test_a_file_that_is_no_test_pins_nothing() -> None:
    assert pinned({"infra/check.py": IMPORT + '"BucketName": "payment-audit-logs"\n'}) == []


TEMPLATE = {
    "Resources": {
        "PaymentVpc8378EB38": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "OtherVpcNATGateway4D7517AA": {"Type": "AWS::EC2::NatGateway"},
        "PaymentVpcPublicSubnet1NATGateway4D7517AA": {
            "Properties": {"Tags": [{"Key": "Name", "Value": "NAT"}]},
            "Type": "AWS::EC2::NatGateway",
        },
        "Audit2": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "payment-audit-logs"}},
        "Run3": {"Properties": {"ReservedConcurrentExecutions": 10}},
        "Db4": {"Properties": {"EngineVersion": "15"}},
    }
}


def test_a_json_snapshot_pins_what_it_holds_of_the_construct() -> None:
    text = json.dumps(TEMPLATE, indent=2)
    lines = text.splitlines()
    found = pinned({"tests/__snapshots__/payments.template.json": text})
    assert [row.split(":")[0].split(" ")[0] for row in found] == [
        "shared-nat-gateway",
        "bucket-name-without-account",
        "fixed-reserved-concurrency",
        "unpinned-engine-version",
    ]
    at = [index for index, line in enumerate(lines, 1) if "AWS::EC2::NatGateway" in line]
    assert f"payments.template.json:{at[1]} " in found[0]  # the other VPC's is no matter


def test_a_syrupy_snapshot_pins_too() -> None:
    text = """# serializer version: 1
# name: test_template
  dict({
    'Resources': dict({
      'PaymentVpcPublicSubnet1NATGateway4D7517AA': dict({
        'Properties': dict({
          'AllocationId': dict({
          }),
        }),
        'Type': 'AWS::EC2::NatGateway',
      }),
      'Audit2': dict({
        'Properties': dict({
          'BucketName': 'payment-audit-logs',
        }),
      }),
    }),
  })
# ---
"""
    path = "tests/unit/__snapshots__/test_payments.ambr"
    assert pinned({path: text}) == [
        f"shared-nat-gateway {path}:10 'Type': 'AWS::EC2::NatGateway',",
        f"bucket-name-without-account {path}:14 'BucketName': 'payment-audit-logs',",
    ]


def test_a_snapshot_of_another_project_is_no_matter() -> None:
    files = {"other/tests/__snapshots__/a.json": '{"BucketName": "payment-audit-logs"}'}
    assert len(pinned(files)) == 1
    assert pinned(files, ("other/cdk.json",)) == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tests/unit/test_stack.py", True),
        ("test/app.py", True),
        ("infra/stack_test.py", True),
        ("integration_tests/conftest.py", True),
        ("tests/__snapshots__/test_a.ambr", True),
        ("tests/snapshots/App.template.json", True),
        ("cdk.context.json", False),
        ("cdk.out/App.template.json", False),
        ("infra/latest.py", False),
        ("contest/stack.py", False),
        ("tests/README.md", False),
    ],
)
def test_tests_and_snapshots_are_known_by_their_paths(path: str, expected: bool) -> None:
    assert is_test(path) is expected


def test_a_long_line_is_shortened_and_many_are_cut_off() -> None:
    line = '"BucketName": "payment-audit-logs", ' + "x" * 500
    found = pinned({"tests/test_payments.py": IMPORT + "\n".join([line] * 50)})
    assert len(found) == PINS_AT_MOST
    assert all(len(row.split(" ", 2)[2]) == 120 for row in found)


def test_a_name_from_elsewhere_pins_nothing() -> None:
    stack = STACK.replace('bucket_name="payment-audit-logs"', "bucket_name=NAME")
    assert pinned({"tests/test_payments.py": IMPORT + '"BucketName": "x"\n'}, stack=stack) == []


def test_hostile_tests_take_no_time() -> None:
    pieces = [
        '"BucketName": "payment-audit-logs"\n',
        '"Type": "AWS::EC2::NatGateway"\n',
        "resource_count_is( ",
        '"BucketName": f"',
        "'EngineVersion': '",
        "{",
        '"Type" ',
    ]
    for piece in pieces:
        text = IMPORT + "NatGateway BucketName " + piece * (500_000 // len(piece))
        start = time.process_time()
        pinned({"tests/test_payments.py": text, "tests/__snapshots__/a.ambr": text})
        assert time.process_time() - start < 3
