"""shared-nat-gateway: fewer NAT gateways than availability zones."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from codemods.cdk.places import places_of
from codemods.cdk.switches import production_switch
from codemods.code.module import Module, argument
from codemods.rewriting import calls
from codemods.rewriting.kinds import ReplaceExpression
from codemods.rule import Discovery, Level, Plan, Rule, Safety

_MONTHLY_USD = 36.50
_ASSUMPTION = (
    "730 h a month at 0.045 USD for the gateway and 0.005 USD for its public IPv4 address, "
    "us-east-1, 2026-11; data processing is extra"
)
_EGRESS = {"PRIVATE_WITH_EGRESS", "PRIVATE_WITH_NAT", "PRIVATE"}
_TALKS_OF_ONE = re.compile(
    r"\b(single|one|only|just|cost)\b|\A#\s*1(?!\d)|(?<!\d)1 ?(nat|gateway)", re.IGNORECASE
)


class SharedNatGateway(Rule):
    """Allow several availability zones to share a NAT gateway.

    ## Why
    A NAT gateway lives in one availability zone. Where there are fewer gateways than zones, the
    private subnets of the other zones route through a zone that is not theirs: when that zone or
    its gateway fails, every private subnet loses its way out, and until then all of them share one
    gateway's bandwidth and pay for traffic between zones.

    ## Before
        from aws_cdk import Stack, aws_ec2 as ec2
        from constructs import Construct


        class NetworkStack(Stack):
            def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
                super().__init__(scope, construct_id, **kwargs)
                ec2.Vpc(
                    self,
                    "Vpc",
                    max_azs=3,
                    nat_gateways=1,  # Single NAT gateway for cost optimization
                )

    ## After
        from aws_cdk import Stack, aws_ec2 as ec2
        from constructs import Construct


        class NetworkStack(Stack):
            def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
                super().__init__(scope, construct_id, **kwargs)
                ec2.Vpc(
                    self,
                    "Vpc",
                    max_azs=3,
                    nat_gateways=3,  # One NAT gateway per AZ
                )

    ## Fix safety
    Safe: gateways and elastic IP addresses are added, and routes change in place to the gateway of
    their own zone; the gateways that exist keep their logical ids and addresses. For a VPC that is
    deployed already it is unsafe: its traffic then leaves from more addresses, and allow-lists
    elsewhere need them too. Before you deploy, know that a region has a quota of five elastic IP
    addresses by default, and that each gateway costs about 36.50 USD a month (730 h at 0.045 USD,
    and 0.005 USD for its public IPv4 address, us-east-1, data extra).
    `NatProvider.regional_gateway()` is the newer alternative.

    Where the configuration's environments say that a stack is used outside of production as well,
    and its code has a condition for production (`is_prod`, or a choice by `stage == "prod"`), the
    number becomes `3 if is_prod else 1`.

    ## Not reported
    A count that is 0, None or left out (CDK then makes one gateway a zone), one that reaches the
    number of zones, a conditional expression that tells environments apart, `max_azs=1`, and
    `Vpc.from_lookup`.

    ## Left alone
    Reported without a fix: a VPC with `nat_gateway_provider`, one whose `subnet_configuration`
    has no subnets with egress (0 gateways would be right there), a count that comes from a
    parameter, from configuration or from keyword arguments unpacked elsewhere, and a constant that
    other code uses too. A comment that calls the low number intended does not stop the fix, it is
    quoted in the finding; `# cdk-medic: ignore[shared-nat-gateway] -- reason` keeps the number.
    """

    level = Level.CRITICAL
    documentation = (
        "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html#nat-gateway-basics"
    )
    names = frozenset({"Vpc"})
    arguments = frozenset({"nat_gateways"})
    changes = (
        "AWS::EC2::NatGateway",
        "AWS::EC2::EIP",
        "AWS::EC2::Route.NatGatewayId",
    )
    deployed = (
        "The VPC is deployed: its traffic will leave from more addresses than allow-lists know."
    )
    relaxed_outside_production = True
    defaults: ClassVar = {"azs": 3}
    shapes: ClassVar = {"azs": {"minimum": 1}}

    @classmethod
    def objection(cls, key: str, value: Any) -> str:
        """See `Rule.objection`."""
        return "1 or more" if key == "azs" and value < 1 else ""

    def check(self, reference: ast.expr, module: Module) -> Iterator[Discovery]:
        """See `Rule.check`."""
        call = module.call_of(reference)
        if call is None or not module.names.means(reference, "aws_cdk.aws_ec2.Vpc"):
            return
        passed = module.names.passed(call, "nat_gateways")
        if passed is None:
            return
        value, keyword = passed
        hidden = "" if keyword.arg else "The value is unpacked from a dict of keyword arguments."
        zones = _zones(call, module, self.option(module, "azs"))
        count = module.names.integer(value)
        if count is None:
            if zones.count != 1 and _comes_from_elsewhere(value, call, module):
                yield Discovery(
                    value,
                    call,
                    "The number of NAT gateways is decided elsewhere; it should be one for each "
                    "availability zone.",
                    f"`{module.code(value)}` cannot be followed to a number in this file.",
                )
            return
        if not 0 < count < zones.count:
            return
        yield Discovery(
            value,
            call,
            _message(count, zones, _comment(value, module)),
            hidden or self._outcome(call, value, count, zones, module),
        )

    def _outcome(
        self, call: ast.Call, value: ast.expr, count: int, zones: _Zones, module: Module
    ) -> Plan | str:
        refusal = _refusal(call, value, zones, module)
        if refusal:
            return refusal
        added = zones.count - count
        switch = _switch(call, module)
        number = f"{zones.code} if {switch} else {module.code(value)}" if switch else zones.code
        where = " in production" if switch else ""
        comment = partial(_reworded, where)
        rewrite = ReplaceExpression(call, calls.with_value("nat_gateways", number, comment))
        if not switch and not isinstance(value, ast.Constant):
            constant = module.names.value(value) or value
            rewrite = ReplaceExpression(constant, calls.literal(zones.code))
        return Plan(
            title=f"Use one NAT gateway for each availability zone ({zones.code}){where}",
            safety=Safety.SAFE,
            reason=(
                f"It adds gateways and elastic IP addresses{where} and changes routes in place; "
                "existing gateways keep their addresses. Allow-lists elsewhere need the new "
                "addresses, and tests that count the gateways the new number."
            ),
            rewrites=(rewrite,),
            changes=self.changes,
            monthly_cost_usd=added * _MONTHLY_USD,
            cost_assumption=f"{added} more at {_MONTHLY_USD:.2f} USD: {_ASSUMPTION}",
        )


@dataclass(frozen=True)
class _Zones:
    """How many availability zones, the code that says so, and whether that number is assumed."""

    count: int
    code: str
    trouble: str = ""


def _zones(call: ast.Call, module: Module, assumed: int) -> _Zones:
    listed = module.names.value(argument(call, "availability_zones"))
    if isinstance(listed, ast.List | ast.Tuple):
        if any(isinstance(item, ast.Starred) for item in listed.elts):
            return _Zones(assumed, "", "the list of availability zones is put together elsewhere")
        return _Zones(len(listed.elts), str(len(listed.elts)))
    if listed is not None:
        return _Zones(assumed, "", "the list of availability zones comes from elsewhere")
    given = argument(call, "max_azs")
    if given is None:
        return _Zones(assumed, str(assumed))
    known = module.names.integer(given)
    if isinstance(given, ast.Name | ast.Attribute):
        return _Zones(assumed if known is None else known, module.code(given))
    if known is None:
        return _Zones(assumed, "", "`max_azs` is computed")
    return _Zones(known, str(known))


def _comes_from_elsewhere(value: ast.expr, call: ast.Call, module: Module) -> bool:
    """Whether the count is decided out of sight, and not simply that of the zones."""
    zones = argument(call, "max_azs")
    if zones is not None and ast.dump(zones) == ast.dump(value):
        return False
    resolved = module.names.value(value)
    if isinstance(resolved, ast.Subscript | ast.Attribute | ast.Name):
        return not (isinstance(resolved, ast.Name) and resolved.id == "None")
    return isinstance(resolved, ast.Call)


def _refusal(call: ast.Call, value: ast.expr, zones: _Zones, module: Module) -> str:
    if zones.trouble:
        return f"The right number is not known: {zones.trouble}."
    if argument(call, "nat_gateway_provider") is not None:
        return "A `nat_gateway_provider` decides what a gateway is and which addresses it has."
    subnets = module.names.value(argument(call, "subnet_configuration"))
    if isinstance(subnets, ast.List | ast.Tuple) and not _has_egress(subnets):
        return (
            "No subnet of `subnet_configuration` routes to a NAT gateway: `nat_gateways=0` would "
            "say so and save its cost."
        )
    if not isinstance(value, ast.Constant):
        if len(module.names.uses(value)) > 1:
            return f"Other code uses `{module.code(value)}` too."
        if not zones.code.isdigit():
            return f"`{module.code(value)}` is set apart from `max_azs`; decide where the two meet."
    return ""


def _has_egress(subnets: ast.expr) -> bool:
    names = {node.attr for node in ast.walk(subnets) if isinstance(node, ast.Attribute)}
    configured = sum(isinstance(node, ast.Call) for node in ast.walk(subnets))
    return bool(names & _EGRESS) or configured == 0


def _message(count: int, zones: _Zones, comment: str) -> str:
    gateways = "1 NAT gateway serves" if count == 1 else f"{count} NAT gateways serve"
    text = (
        f"{gateways} {zones.count} availability zones: when it or its zone fails, every private "
        "subnet that routes through it loses its way out."
    )
    return f'{text} The comment says "{comment}".' if comment else text


def _comment(value: ast.expr, module: Module) -> str:
    """The comment behind the value, on its line, as a reader would quote it."""
    line = module.source.line(value.end_lineno or value.lineno).encode()
    rest = line[value.end_col_offset :].decode()
    match = re.fullmatch(r"[\s,)]*#\s*(?P<text>.*)", rest)
    return match["text"].strip() if match else ""


def _switch(call: ast.Call, module: Module) -> str:
    """The condition for production, where the policy says that the VPC is used outside as well."""
    environments = module.policy.environments
    if not environments.non_production:
        return ""
    divided = environments.divide(module.path, places_of(module, call))
    return production_switch(module, call) if divided else ""


def _reworded(where: str, comment: str) -> str:
    return f"# One NAT gateway per AZ{where}" if _TALKS_OF_ONE.search(comment) else comment
