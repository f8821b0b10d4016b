"""What `fixed-reserved-concurrency` changes in a template."""

import dataclasses
from typing import Any

import pytest

from tests.matrix.forms import Form
from tests.matrix.places import WITH_SELF
from tests.matrix.proof import Pair, prove, spare, unused
from tests.synthesis import Bench

RULE = "fixed-reserved-concurrency"
KEY = "use_reserved_concurrency"
KIND = "AWS::Lambda::Function"
CHANGES = ("AWS::Lambda::Function.ReservedConcurrentExecutions",)
SERVERLESS = ("AWS::Serverless::Function.ReservedConcurrentExecutions",)
FUNCTION = """
lambda_.{kind}(
    {scope},{more}
    runtime=lambda_.Runtime.PYTHON_3_12,
    handler="index.handler",
    code=lambda_.Code.from_inline("def handler(event, context): ..."),
    reserved_concurrent_executions={value},
)
"""


def function(
    value: str = "10",
    kind: str = "Function",
    scope: str = 'SCOPE,\n    "Function"',
    more: str = "",
    **settings: Any,
) -> Form:
    code = FUNCTION.format(value=value, kind=kind, scope=scope, more=more)
    return Form(code, CHANGES, **settings)


FORMS = {
    "a literal": function(),
    "one": function("1"),
    "a constant": function("RESERVED", top="RESERVED = 10\n"),
    "its scope named": function(scope='scope=SCOPE,\n    id="Function"'),
    "its scope a call": function(
        scope='Construct(SCOPE, "Group"),\n    "Function"', places=WITH_SELF
    ),
    "a singleton": function(kind="SingletonFunction", more='\n    uuid="payments",'),
    "an image": Form(
        "lambda_.DockerImageFunction(\n    SCOPE,\n    'Function',\n"
        "    code=lambda_.DockerImageCode.from_ecr(\n"
        "        ecr.Repository.from_repository_name(SCOPE, 'Images', 'images')\n    ),\n"
        "    reserved_concurrent_executions=10,\n)",
        CHANGES,
    ),
    "the resource itself": Form(
        'lambda_.CfnFunction(SCOPE, "Function", role="r", code={}, '
        "reserved_concurrent_executions=10)",
        CHANGES,
    ),
    "a serverless function": Form(
        'sam.CfnFunction(SCOPE, "Function", handler="h", reserved_concurrent_executions=10)',
        SERVERLESS,
    ),
}
REFUSED = "cannot be followed"
LEFT = {
    name: dataclasses.replace(function(value), changes=(), expected=refusal)
    for name, value, refusal in (
        ("a kill switch", "0", ""),
        ("none", "None", ""),
        ("a choice", "10 if SCOPE.node.try_get_context('prod') else None", ""),
        ("the context", "SCOPE.node.try_get_context('reserved')", ""),
        ("a calculation", "int('10')", REFUSED),
        ("a table", "{'prod': 10}['prod']", REFUSED),
    )
}


def reserved(resources: Any) -> list[int | None]:
    kinds = {KIND, "AWS::Serverless::Function"}
    return [
        resource["Properties"].get("ReservedConcurrentExecutions")
        for resource in resources.values()
        if resource["Type"] in kinds
    ]


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_without_the_context_nothing_is_reserved(bench: Bench, form: str) -> None:
    def then(pair: Pair) -> None:
        assert reserved(pair.before) in ([10], [1])
        assert reserved(pair.after) == [None]

    prove(bench, RULE, FORMS, form, then)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("value", [True, "true"])
def test_with_the_context_nothing_changes(bench: Bench, form: str, value: object) -> None:
    prove(bench, RULE, given(value, ()), form)


@pytest.mark.slow
@pytest.mark.parametrize("value", [False, "false"])
def test_a_context_that_says_no_reserves_nothing(bench: Bench, value: object) -> None:
    def then(pair: Pair) -> None:
        assert reserved(pair.after) == [None]

    prove(bench, RULE, given(value, CHANGES), "a literal", then)


def given(value: object, changes: tuple[str, ...]) -> dict[str, Form]:
    """The forms in an app whose context has a value, where their fixes change something else."""
    return {
        name: dataclasses.replace(form, context={KEY: value}, changes=changes)
        for name, form in FORMS.items()
    }


@pytest.mark.slow
@pytest.mark.parametrize("form", LEFT)
def test_what_is_right_or_refused_stays(bench: Bench, form: str) -> None:
    spare(bench, RULE, LEFT, form)


def test_the_rule_declares_nothing_that_no_form_changes() -> None:
    assert unused(RULE, FORMS) == set()
