"""What `shared-nat-gateway` changes in a template."""

from collections import Counter
from typing import Any

import pytest

from tests.matrix.forms import Form
from tests.matrix.places import WITH_SELF
from tests.matrix.proof import Pair, of_type, prove, spare, unused
from tests.synthesis import Bench

RULE = "shared-nat-gateway"
CHANGES = ("AWS::EC2::NatGateway", "AWS::EC2::EIP", "AWS::EC2::Route.NatGatewayId")
SUBNETS = """\
    subnet_configuration=[
        ec2.SubnetConfiguration(name="a", subnet_type=ec2.SubnetType.{}),
        ec2.SubnetConfiguration(name="b", subnet_type=ec2.SubnetType.PUBLIC),
    ],
"""


def vpc(arguments: str, before: int, after: int, setup: str = "", **settings: Any) -> Form:
    """A VPC, and how many gateways it has before and after."""
    code = f'{setup}ec2.Vpc(SCOPE, "Vpc", {arguments})'
    return Form(code, CHANGES, expected=(before, after), **settings)


def left(arguments: str, refusal: str = "") -> Form:
    return Form(f'ec2.Vpc(SCOPE, "Vpc", {arguments})', expected=refusal)


FORMS = {
    "the zones are assumed": vpc("nat_gateways=1", 1, 3),
    "max_azs is a literal": vpc("max_azs=2, nat_gateways=1", 1, 2),
    "two of three": vpc("nat_gateways=2, max_azs=3", 2, 3),
    "max_azs is a variable": vpc("max_azs=zones, nat_gateways=1", 1, 3, "zones = 3\n"),
    "max_azs is an attribute": vpc(
        "max_azs=self.zones, nat_gateways=1", 1, 2, "self.zones = 2\n", places=WITH_SELF
    ),
    "the zones are listed": vpc(
        'availability_zones=["us-east-1a", "us-east-1b"], nat_gateways=1', 1, 2
    ),
    "the count is a constant": vpc("nat_gateways=GATEWAYS", 1, 3, top="GATEWAYS = 1\n"),
    "with a comment": vpc(
        "\n    max_azs=3,\n    nat_gateways=1,  # Single NAT gateway for cost\n", 1, 3
    ),
    "with egress subnets": vpc(
        "\n    nat_gateways=1,\n" + SUBNETS.format("PRIVATE_WITH_EGRESS"), 1, 3
    ),
    "agnostic of the region": vpc("max_azs=3, nat_gateways=1", 1, 2, agnostic=True),
}
LEFT = {
    "no gateway": left("nat_gateways=0, max_azs=2"),
    "left out": left("max_azs=2"),
    "one for each zone": left("max_azs=2, nat_gateways=2"),
    "more than zones": left("max_azs=2, nat_gateways=9"),
    "one zone": left("max_azs=1, nat_gateways=1"),
    "an environment decides": left("nat_gateways=3 if SCOPE.node.try_get_context('p') else 1"),
    "a provider": left(
        "nat_gateways=1, nat_gateway_provider=ec2.NatProvider.gateway()", "provider"
    ),
    "no egress": left("nat_gateways=1,\n" + SUBNETS.format("PRIVATE_ISOLATED"), "routes to a NAT"),
    "a dict": left("**{'nat_gateways': 1}", "unpacked from a dict"),
    "a count from elsewhere": left("nat_gateways=int('1')", "cannot be followed"),
}


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_every_zone_gets_a_gateway_and_routes_to_it(bench: Bench, form: str) -> None:
    before, after = FORMS[form].expected

    def then(pair: Pair) -> None:
        assert len(of_type(pair.before, "AWS::EC2::NatGateway")) == before
        assert len(of_type(pair.after, "AWS::EC2::NatGateway")) == after
        assert Counter(it["Type"] for it in pair.added) == {
            "AWS::EC2::NatGateway": after - before,
            "AWS::EC2::EIP": after - before,
        }
        routes = of_type(pair.after, "AWS::EC2::Route")
        used = [route["NatGatewayId"]["Ref"] for route in routes if "NatGatewayId" in route]
        assert len(set(used)) == len(used) == after

    prove(bench, RULE, FORMS, form, then)


@pytest.mark.slow
@pytest.mark.parametrize("form", LEFT)
def test_what_is_right_or_refused_stays(bench: Bench, form: str) -> None:
    spare(bench, RULE, LEFT, form)


def test_the_rule_declares_nothing_that_no_form_changes() -> None:
    assert unused(RULE, FORMS) == set()
