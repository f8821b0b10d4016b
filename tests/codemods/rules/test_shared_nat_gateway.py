from __future__ import annotations

from collections import Counter

import pytest

from codemods import Safety
from codemods.rules.shared_nat_gateway import SharedNatGateway
from codemods.settings.environments import Environments
from tests.codemods.rules.verbs import Verbs, verbs
from tests.synthesis import Bench

rewrites, leaves, reports = verbs("shared-nat-gateway")

STACK = """
from aws_cdk import Stack, aws_ec2 as ec2

class NetworkStack(Stack):
    def __init__(self, scope, construct_id, **kwargs):
        super().__init__(scope, construct_id, **kwargs)
        ec2.Vpc(self, "Vpc", {arguments})
"""


def stack(arguments: str) -> str:
    return STACK.format(arguments=arguments)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("nat_gateways=1", "nat_gateways=3"),
        ("max_azs=2, nat_gateways=1", "max_azs=2, nat_gateways=2"),
        ("nat_gateways=2, max_azs=3", "nat_gateways=3, max_azs=3"),
        (
            'nat_gateways=1, availability_zones=["eu-west-1a", "eu-west-1b"]',
            'nat_gateways=2, availability_zones=["eu-west-1a", "eu-west-1b"]',
        ),
        ("max_azs=self.zones, nat_gateways=1", "max_azs=self.zones, nat_gateways=self.zones"),
        ("nat_gateways = 1,", "nat_gateways = 3,"),
    ],
)
def test_it_gives_every_zone_a_gateway(before: str, after: str) -> None:
    rewrites(stack(before), stack(after))


@pytest.mark.parametrize(
    ("imports", "call"),
    [
        ("import aws_cdk as cdk", "cdk.aws_ec2.Vpc"),
        ("import aws_cdk", "aws_cdk.aws_ec2.Vpc"),
        ("import aws_cdk.aws_ec2 as ec2", "ec2.Vpc"),
        ("import aws_cdk.aws_ec2", "aws_cdk.aws_ec2.Vpc"),
        ("from aws_cdk import aws_ec2", "aws_ec2.Vpc"),
        ("from aws_cdk.aws_ec2 import Vpc", "Vpc"),
        ("from aws_cdk.aws_ec2 import Vpc as Network", "Network"),
        ("from aws_cdk.aws_ec2 import *", "Vpc"),
        ("from aws_cdk import *\nfrom aws_cdk.aws_ec2 import *", "Vpc"),
        ("from aws_cdk import core, aws_ec2", "aws_ec2.Vpc"),
        ("try:\n    from aws_cdk import aws_ec2\nexcept ImportError:\n    aws_ec2 = None", ""),
    ],
)
def test_it_knows_every_spelling_of_the_import(imports: str, call: str) -> None:
    before = f'{imports}\n\n{call or "print"}(None, "Vpc", nat_gateways=1)\n'
    if call:
        rewrites(before, before.replace("=1", "=3"))
    else:
        leaves(before)


def test_it_replaces_a_comment_that_talks_of_a_single_gateway() -> None:
    finding = rewrites(
        """
        from aws_cdk import aws_ec2 as ec2

        vpc = ec2.Vpc(
            stack,
            "Vpc",
            max_azs=3,  # three zones
            nat_gateways=1,  # Single NAT gateway for cost optimization
            # one more comment
        )
        """,
        """
        from aws_cdk import aws_ec2 as ec2

        vpc = ec2.Vpc(
            stack,
            "Vpc",
            max_azs=3,  # three zones
            nat_gateways=3,  # One NAT gateway per AZ
            # one more comment
        )
        """,
    )
    assert "Single NAT gateway for cost optimization" in finding.message


def test_it_replaces_a_comment_with_the_number_in_any_language() -> None:
    before = "from aws_cdk.aws_ec2 import Vpc\nVpc(s, 'v',\n    nat_gateways=1,  # 1개로\n)\n"
    rewrites(before, before.replace("=1,  # 1개로", "=3,  # One NAT gateway per AZ"))


@pytest.mark.parametrize("comment", ["# see ADR 7", "# see ADR 1", "# 10 later"])
def test_it_keeps_another_comment_on_the_line(comment: str) -> None:
    before = f"from aws_cdk.aws_ec2 import Vpc\nVpc(s, 'v',\n    nat_gateways=1  {comment}\n)\n"
    rewrites(before, before.replace("=1", "=3"))


def test_it_changes_a_constant_that_nothing_else_uses() -> None:
    rewrites(
        "from aws_cdk.aws_ec2 import Vpc\nGATEWAYS = 1\nVpc(s, 'v', nat_gateways=GATEWAYS)\n",
        "from aws_cdk.aws_ec2 import Vpc\nGATEWAYS = 3\nVpc(s, 'v', nat_gateways=GATEWAYS)\n",
    )


def test_it_states_the_cost_and_why_it_is_safe() -> None:
    finding = rewrites(stack("max_azs=3, nat_gateways=1"), stack("max_azs=3, nat_gateways=3"))
    assert finding.fix is not None
    assert finding.fix.safety is Safety.SAFE
    assert finding.fix.monthly_cost_usd == pytest.approx(73.0)
    assert "us-east-1" in finding.fix.cost_assumption


@pytest.mark.parametrize(
    "arguments",
    [
        "nat_gateways=0",
        "nat_gateways=None",
        "max_azs=3",
        "nat_gateways=3, max_azs=3",
        "nat_gateways=5, max_azs=2",
        "nat_gateways=1, max_azs=1",
        "nat_gateways=3 if production else 1",
        "nat_gateways=True",
        "nat_gateways=config.zones, max_azs=config.zones",
    ],
)
def test_it_leaves_what_is_right_or_deliberate(arguments: str) -> None:
    leaves(stack(arguments))


@pytest.mark.parametrize(
    "source",
    [
        "from aws_cdk import aws_ec2 as ec2\nec2.Vpc.from_lookup(s, 'v', nat_gateways=1)\n",
        "import aws_cdk\nclass Vpc: ...\nVpc(s, 'v', nat_gateways=1)\n",
        "import aws_cdk\nfrom mine.aws_ec2 import Vpc\nVpc(s, 'v', nat_gateways=1)\n",
        "from aws_cdk.aws_ec2 import Vpc\ndef f(Vpc): Vpc(s, 'v', nat_gateways=1)\n",
        "from aws_cdk.aws_ec2 import Vpc\nVpc = wrap(Vpc)\nVpc(s, 'v', nat_gateways=1)\n",
    ],
)
def test_it_leaves_what_is_no_vpc_of_the_cdk(source: str) -> None:
    leaves(source)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (
            "nat_gateways=1, nat_gateway_provider=ec2.NatProvider.instance_v2()",
            "nat_gateway_provider",
        ),
        (
            "nat_gateways=1, subnet_configuration=[ec2.SubnetConfiguration(name='p')]",
            "nat_gateways=0",
        ),
        ("nat_gateways=1, max_azs=len(zones)", "computed"),
        ("nat_gateways=1, availability_zones=zones()", "comes from elsewhere"),
        ("nat_gateways=1, availability_zones=['a', *more]", "put together elsewhere"),
        ("nat_gateways=config['nat']", "cannot be followed"),
        ("nat_gateways=self.node.try_get_context('nat')", "cannot be followed"),
        ("**{'nat_gateways': 1}", "unpacked from a dict"),
    ],
)
def test_it_reports_what_it_may_not_decide(arguments: str, reason: str) -> None:
    reports(stack(arguments), reason)


def test_it_reports_a_constant_that_other_code_uses_too() -> None:
    reports(
        """
        from aws_cdk.aws_ec2 import Vpc
        COUNT = 1
        Vpc(s, "v", nat_gateways=COUNT)
        print(COUNT)
        """,
        "Other code uses",
    )


def test_it_reports_a_constant_beside_a_computed_number_of_zones() -> None:
    reports(
        "from aws_cdk.aws_ec2 import Vpc\nN = 1\nVpc(s, 'v', nat_gateways=N, max_azs=zones)\n",
        "set apart from `max_azs`",
    )


def test_it_reports_a_parameter() -> None:
    reports(
        """
        from aws_cdk import aws_ec2 as ec2
        def network(scope, gateways=1):
            return ec2.Vpc(scope, "Vpc", nat_gateways=gateways)
        """,
        "`gateways` cannot be followed",
    )


def test_the_number_of_zones_to_assume_is_configurable() -> None:
    four = Verbs("shared-nat-gateway", {"azs": 4})
    four.rewrites(stack("nat_gateways=1"), stack("nat_gateways=4"))


def test_keyword_arguments_from_elsewhere_say_nothing() -> None:
    leaves("from aws_cdk import aws_ec2  # nat_gateways\naws_ec2.Vpc(s, 'V', **given)\n")


def test_subnets_with_egress_get_their_gateways() -> None:
    subnets = (
        "subnet_configuration=[ec2.SubnetConfiguration("
        "name='p', subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)]"
    )
    rewrites(stack(f"nat_gateways=1, {subnets}"), stack(f"nat_gateways=3, {subnets}"))


@pytest.mark.parametrize(("zones", "wrong"), [(0, "1 or more"), (1, ""), (2, "")])
def test_a_region_has_at_least_one_zone(zones: int, wrong: str) -> None:
    assert SharedNatGateway.objection("azs", zones) == wrong
    assert (zones < SharedNatGateway.shapes["azs"]["minimum"]) is bool(wrong)


BOTH = """
from aws_cdk import App, Environment, Stack, aws_ec2 as ec2

ONE = 1


class NetworkStack(Stack):
    def __init__(self, scope, construct_id, *, {parameter}, **kwargs):
        super().__init__(scope, construct_id, **kwargs)
        ec2.Vpc(self, "Vpc", max_azs=2, {arguments})


app = App()
place = Environment(account="123456789012", region="eu-west-1")
NetworkStack(app, "dev-network", {parameter_name}={lab}, env=place)
NetworkStack(app, "prod-network", {parameter_name}={production}, env=place)
"""


def used_for_both(arguments: str) -> str:
    return BOTH.format(
        parameter="is_prod: bool",
        parameter_name="is_prod",
        lab="False",
        production="True",
        arguments=arguments,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("nat_gateways=1", "nat_gateways=2 if is_prod else 1"),
        ("nat_gateways=ONE", "nat_gateways=2 if is_prod else ONE"),
        (
            "nat_gateways=1,  # only one, it is cheap\n        ",
            "nat_gateways=2 if is_prod else 1,  # One NAT gateway per AZ in production\n        ",
        ),
    ],
)
def test_a_stack_for_production_and_the_lab_tells_them_apart(before: str, after: str) -> None:
    lab = Verbs("shared-nat-gateway", environments=Environments(non_production=("id:dev-*",)))
    finding = lab.rewrites(used_for_both(before), used_for_both(after))
    assert finding.level is SharedNatGateway.level
    assert finding.fix is not None
    assert finding.fix.title.endswith("(2) in production")


@pytest.mark.parametrize("pattern", ["id:nothing", "id:*-network"])
def test_a_stack_for_one_of_the_two_has_no_need_to(pattern: str) -> None:
    one = Verbs("shared-nat-gateway", environments=Environments(non_production=(pattern,)))
    (found,) = one.finds(used_for_both("nat_gateways=1"))
    assert found.fix is not None
    assert found.fix.title.endswith("(2)")


def test_a_stack_for_both_that_cannot_tell_them_apart_gets_its_gateways() -> None:
    text = BOTH.format(
        parameter="tier",
        parameter_name="tier",
        lab="1",
        production="2",
        arguments="nat_gateways={number}",
    )
    Verbs("shared-nat-gateway", environments=Environments(non_production=("id:dev-*",))).rewrites(
        text.format(number=1), text.format(number=2)
    )


def test_only_production_gets_more_gateways(bench: Bench) -> None:
    before, after = (
        bench.app({"app.py": used_for_both(f"nat_gateways={number}") + "app.synth()\n"})
        for number in ("1", "2 if is_prod else 1")
    )
    assert before["dev-network"] == after["dev-network"]
    kinds = Counter(each["Type"] for each in after["prod-network"]["Resources"].values())
    kinds.subtract(each["Type"] for each in before["prod-network"]["Resources"].values())
    assert {kind: count for kind, count in kinds.items() if count} == {
        "AWS::EC2::NatGateway": 1,
        "AWS::EC2::EIP": 1,
    }
