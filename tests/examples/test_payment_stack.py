"""The example app, synthesized as it is and as `cdk-medic fix --unsafe-fixes` leaves it."""

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from codemods.cdk.engine_versions import members
from tests.synthesis import ROOT, Bench, Template, differences

EXAMPLE = ROOT / "examples" / "payment_stack"
STACK = "PaymentStack-prod"
CONTEXT = "use_reserved_concurrency"


def texts(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".pyc"
    }


def of_type(template: Template, kind: str) -> dict[str, dict[str, Any]]:
    resources = template["Resources"]
    return {name: it["Properties"] for name, it in resources.items() if it["Type"] == kind}


def reserved(template: Template) -> list[int | None]:
    functions = of_type(template, "AWS::Lambda::Function").values()
    return [function.get("ReservedConcurrentExecutions") for function in functions]


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The example's files after the command-line tool went over them."""
    copy = tmp_path_factory.mktemp("app") / "payment_stack"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "codemods.cli", "fix", "--unsafe-fixes", str(copy)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    assert ran.returncode in (0, 1)  # the advisory on grants may stay
    return texts(copy)


@pytest.fixture(scope="module")
def before(bench: Bench) -> Template:
    return bench.app(texts(EXAMPLE))[STACK]


@pytest.fixture(scope="module")
def after(bench: Bench, fixed: dict[str, str]) -> Template:
    return bench.app(fixed)[STACK]


def test_only_the_file_of_the_stack_is_rewritten(fixed: dict[str, str]) -> None:
    original = texts(EXAMPLE)
    assert fixed.keys() == original.keys()
    changed = {path for path, text in fixed.items() if text != original[path]}
    assert changed == {"payment_stack/payment_stack.py"}


def test_every_availability_zone_gets_its_own_nat_gateway(
    before: Template, after: Template
) -> None:
    assert len(of_type(before, "AWS::EC2::NatGateway")) == 1
    gateways = of_type(after, "AWS::EC2::NatGateway")
    assert len(gateways) == 3
    routes = of_type(after, "AWS::EC2::Route").values()
    used = Counter(route["NatGatewayId"]["Ref"] for route in routes if "NatGatewayId" in route)
    assert used == dict.fromkeys(gateways, 1)


def test_the_role_of_the_functions_is_denied_the_sensitive_services(after: Template) -> None:
    (policy,) = of_type(after, "AWS::IAM::Policy").values()
    deny = {
        "Effect": "Deny",
        "Action": ["iam:*", "organizations:*", "account:*"],
        "Resource": "*",
    }
    statements = policy["PolicyDocument"]["Statement"]
    denials = [{**it, "Action": set(it["Action"])} for it in statements if it["Effect"] == "Deny"]
    assert denials == [{**deny, "Action": set(deny["Action"])}]
    (role,) = of_type(after, "AWS::IAM::Role")
    assert policy["Roles"] == [{"Ref": role}]


def test_the_bucket_carries_the_account_in_its_name(before: Template, after: Template) -> None:
    (old,) = of_type(before, "AWS::S3::Bucket").values()
    (new,) = of_type(after, "AWS::S3::Bucket").values()
    assert old["BucketName"] == "payment-audit-logs-prod"
    assert new["BucketName"] == "payment-audit-logs-prod-111122223333"


def test_the_engine_is_pinned_to_a_version_that_is_alive(before: Template, after: Template) -> None:
    (old,) = of_type(before, "AWS::RDS::DBInstance").values()
    (new,) = of_type(after, "AWS::RDS::DBInstance").values()
    assert old["EngineVersion"] == "15"
    alive = [name.removeprefix("VER_").replace("_", ".") for name in members("postgres", None).live]
    assert new["EngineVersion"].startswith("15.")
    assert new["EngineVersion"] in alive


@pytest.mark.parametrize(
    ("value", "expected"), [(None, None), (True, 10), ("true", 10), (False, None), ("false", None)]
)
def test_concurrency_is_reserved_only_where_the_context_asks_for_it(
    bench: Bench, fixed: dict[str, str], *, value: object, expected: int | None
) -> None:
    context = {} if value is None else {CONTEXT: value}
    template = bench.app(fixed, context)[STACK]
    assert reserved(template) == [expected] * 3


def test_nothing_else_in_the_template_changes(before: Template, after: Template) -> None:
    vpc = "PaymentVpcprod"
    new_gateways = {
        name
        for name in after["Resources"]
        if name.startswith((f"{vpc}PublicSubnet2", f"{vpc}PublicSubnet3"))
        and ("EIP" in name or "NATGateway" in name)
    }
    assert len(new_gateways) == 4
    (policy,) = of_type(after, "AWS::IAM::Policy")
    (bucket,) = of_type(after, "AWS::S3::Bucket")
    (database,) = of_type(after, "AWS::RDS::DBInstance")
    routes = {
        name
        for name in of_type(after, "AWS::EC2::Route")
        if name.startswith((f"{vpc}PrivateSubnet2", f"{vpc}PrivateSubnet3"))
    }
    found = differences(before, after)
    assert found.keys() == {
        *(f"Resources.{name}" for name in new_gateways),
        *(f"Resources.{name}.Properties.NatGatewayId.Ref" for name in routes),
        *(
            f"Resources.{name}.Properties.ReservedConcurrentExecutions"
            for name in of_type(after, "AWS::Lambda::Function")
        ),
        f"Resources.{policy}.Properties.PolicyDocument.Statement",
        f"Resources.{bucket}.Properties.BucketName",
        f"Resources.{database}.Properties.EngineVersion",
    }
    old, new = found[f"Resources.{policy}.Properties.PolicyDocument.Statement"]
    assert isinstance(old, list)
    assert isinstance(new, list)
    assert [statement for statement in new if statement["Effect"] == "Allow"] == old
    assert len(new) == len(old) + 1


def test_with_the_context_the_functions_stay_as_they_were(
    bench: Bench, fixed: dict[str, str], before: Template
) -> None:
    after = bench.app(fixed, {CONTEXT: True})[STACK]
    functions = of_type(after, "AWS::Lambda::Function")
    assert len(functions) == 3
    assert functions == of_type(before, "AWS::Lambda::Function")
