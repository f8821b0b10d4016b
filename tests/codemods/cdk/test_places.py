"""Where a construct ends up, as its file tells."""

from __future__ import annotations

import ast

from codemods.cdk.places import places_of
from codemods.code.module import Module
from codemods.code.source import Source
from codemods.settings.environments import Place
from codemods.settings.policy import Policy

HEAD = "import aws_cdk as cdk\nfrom aws_cdk import aws_ec2 as ec2\n"
STACK = """
class PaymentStack(cdk.Stack):
    def __init__(self, scope, construct_id):
        super().__init__(scope, construct_id)
        ec2.Vpc(self, "Vpc")
"""


def places(text: str) -> list[Place]:
    """The places of the one VPC in a file."""
    source = Source((HEAD + text).encode())
    module = Module("app.py", source, source.parse(), Policy())
    (call,) = [
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and module.code(node.func) == "ec2.Vpc"
    ]
    return places_of(module, call)


def test_a_class_that_its_file_does_not_make_is_known_by_its_name() -> None:
    assert places(STACK) == [Place(("PaymentStack",), ("Vpc",))]


def test_each_way_to_make_a_stack_is_a_place() -> None:
    made = 'PaymentStack(app, "dev")\nPaymentStack(app, construct_id="prod")\n'
    assert set(places(STACK + made)) == {
        Place(("PaymentStack",), ("Vpc", "dev")),
        Place(("PaymentStack",), ("Vpc", "prod")),
    }


def test_an_id_that_is_put_together_is_not_known() -> None:
    made = 'NAME = "dev"\nPaymentStack(app, f"{stage}-x")\nPaymentStack(app, NAME)\n'
    assert {place.ids for place in places(STACK + made)} == {("Vpc",), ("Vpc", "dev")}


def test_what_is_around_a_stack_counts() -> None:
    stage = """
class DevStage(cdk.Stage):
    def __init__(self, scope, id):
        super().__init__(scope, id)
        PaymentStack(self, "Payments")
DevStage(app, "dev")
"""
    expected = Place(("PaymentStack", "DevStage"), ("Vpc", "Payments", "dev"))
    assert places(STACK + stage) == [expected]


def test_a_scope_in_a_variable_is_followed() -> None:
    text = 'app = cdk.App()\nstack = cdk.Stack(app, "dev")\nec2.Vpc(stack, "Vpc")\n'
    assert places(text) == [Place(("Stack", "App"), ("Vpc", "dev"))]


def test_a_scope_that_comes_from_elsewhere_ends_it() -> None:
    assert places("def vpc(scope):\n    return ec2.Vpc(scope, 'Vpc')\n") == [Place((), ("Vpc",))]
    assert places("ec2.Vpc(**arguments)\n") == [Place()]
    assert places("ec2.Vpc(make()(), 'Vpc')\n") == [Place(("",), ("Vpc",))]


def test_classes_that_make_each_other_end_too() -> None:
    text = STACK.replace('"Vpc")', '"Vpc")\n        PaymentStack(self, "again")')
    assert places(text) == [Place(("PaymentStack", "PaymentStack"), ("Vpc", "again"))]


def test_too_many_places_are_one_about_which_nothing_is_known() -> None:
    made = "".join(f'PaymentStack(app, "dev-{number}")\n' for number in range(300))
    assert places(STACK + made) == [Place()]


def test_another_use_of_the_name_makes_no_stack() -> None:
    more = "print(PaymentStack)\ndef f(PaymentStack): PaymentStack(app, 'other')\n"
    assert places(STACK + more) == [Place(("PaymentStack",), ("Vpc",))]


def test_a_version_is_nowhere_by_an_id_of_its_own() -> None:
    source = Source((HEAD + "x = ec2.SubnetType\n").encode())
    module = Module("app.py", source, source.parse(), Policy())
    (name,) = [node for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)]
    assert places_of(module, name) == [Place()]
