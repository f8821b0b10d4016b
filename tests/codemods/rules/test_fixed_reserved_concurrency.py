from __future__ import annotations

import pytest

from codemods import Safety, fix
from codemods.registry import rules
from tests.codemods.rules.stacks import function_stack as stack
from tests.codemods.rules.stacks import switched
from tests.codemods.rules.verbs import Verbs, verbs
from tests.synthesis import Bench, differences

NAME = "fixed-reserved-concurrency"
rewrites, leaves, reports = verbs(NAME, line_length=200)


@pytest.mark.parametrize("value", ["10", "1_000", "0x10", "1"])
def test_it_puts_a_literal_behind_the_context(value: str) -> None:
    rewrites(
        stack(f"reserved_concurrent_executions={value}, memory_size=128"),
        stack(f"reserved_concurrent_executions={switched(value)}, memory_size=128"),
    )


@pytest.mark.parametrize(
    ("imports", "call"),
    [
        ("import aws_cdk as cdk", "cdk.aws_lambda.Function"),
        ("import aws_cdk.aws_lambda as _lambda", "_lambda.Function"),
        ("from aws_cdk import aws_lambda", "aws_lambda.DockerImageFunction"),
        ("from aws_cdk import aws_lambda", "aws_lambda.SingletonFunction"),
        ("from aws_cdk import aws_lambda", "aws_lambda.CfnFunction"),
        ("from aws_cdk import aws_sam", "aws_sam.CfnFunction"),
        ("from aws_cdk.aws_lambda import Function", "Function"),
        ("from aws_cdk.aws_lambda import Function as Lambda", "Lambda"),
        ("from aws_cdk.aws_lambda_nodejs import NodejsFunction", "NodejsFunction"),
        ("from aws_cdk import aws_lambda_python_alpha as python", "python.PythonFunction"),
        ("from aws_cdk import aws_lambda_python as python", "python.PythonFunction"),
        ("import aws_cdk.aws_lambda_go_alpha as go", "go.GoFunction"),
    ],
)
def test_it_knows_every_kind_of_function_and_import(imports: str, call: str) -> None:
    code = imports + "\n\nfn = " + call + '(stack, "F", reserved_concurrent_executions={})\n'
    rewrites(code.format(5), code.format(switched("5", "stack.node")))


@pytest.mark.parametrize(
    ("constant", "name"),
    [
        ("CONCURRENCY = 10\n", "CONCURRENCY"),
        ("class Limits:\n    CONCURRENCY: int = 10\n", "Limits.CONCURRENCY"),
    ],
)
def test_a_constant_keeps_its_name(constant: str, name: str) -> None:
    code = constant + stack("reserved_concurrent_executions={}")
    rewrites(code.format(name), code.format(switched(name)))


@pytest.mark.parametrize(
    "value",
    [
        "0",
        "None",
        "10 if production else None",
        "production and 10",
        'self.node.try_get_context("concurrency")',
        'int(self.node.get_context("concurrency"))',
        switched("10"),
        "LIMIT if True else None",
    ],
)
def test_it_leaves_kill_switches_and_decisions(value: str) -> None:
    leaves(stack(f"reserved_concurrent_executions={value}"))


@pytest.mark.parametrize("arguments", ["provisioned_concurrent_executions=10", "**kwargs", ""])
def test_it_leaves_functions_that_reserve_nothing(arguments: str) -> None:
    leaves(stack(arguments))


def test_it_leaves_other_classes_of_that_name() -> None:
    leaves(
        """
        import aws_cdk

        class Function: ...

        Function(None, "F", reserved_concurrent_executions=10)
        """
    )


def test_it_leaves_a_number_that_a_branch_decides() -> None:
    leaves(
        """
        from aws_cdk import aws_lambda as lambda_

        def build(scope, production):
            if production:
                reserved = 10
            else:
                reserved = None
            lambda_.Function(scope, "F", reserved_concurrent_executions=reserved)
        """
    )


@pytest.mark.parametrize("signature", ["scope, n=None", "scope, *, n: int | None = None"])
def test_it_leaves_a_parameter_that_is_none_by_default(signature: str) -> None:
    leaves(
        "from aws_cdk import aws_lambda\n\n"
        f"def build({signature}):\n"
        '    aws_lambda.Function(scope, "F", reserved_concurrent_executions=n)\n'
    )


@pytest.mark.parametrize("signature", ["scope, n", "scope, n=10", "scope, o=None, *, n"])
def test_it_reports_a_parameter(signature: str) -> None:
    reports(
        "from aws_cdk import aws_lambda\n\n"
        f"def build({signature}):\n"
        '    aws_lambda.Function(scope, "F", reserved_concurrent_executions=n)\n',
        "`n` cannot be followed",
    )


@pytest.mark.parametrize("value", ['config["n"]', "props.n", "int(n)", "2 * 5", "-n"])
def test_it_reports_a_number_from_elsewhere(value: str) -> None:
    reports(stack(f"reserved_concurrent_executions={value}"), f"`{value}` cannot be followed")


@pytest.mark.parametrize(
    "shared",
    [
        '{"reserved_concurrent_executions": 10, "memory_size": 128}',
        "dict(reserved_concurrent_executions=10)",
    ],
)
def test_it_reports_a_number_that_is_unpacked_from_a_dict(shared: str) -> None:
    reports(f"shared = {shared}\n{stack('**shared')}", "unpacked from a dict")


def test_a_file_with_its_own_str_is_reported() -> None:
    reports(
        "from builder import str\n" + stack("reserved_concurrent_executions=10"),
        "`str` means something else",
    )


def test_a_reservation_of_one_may_be_a_mutex() -> None:
    mutex = rewrites(
        stack("reserved_concurrent_executions=1"),
        stack(f"reserved_concurrent_executions={switched('1')}"),
    )
    assert mutex.fix is not None
    assert mutex.fix.safety is Safety.UNSAFE
    assert "mutex" in mutex.fix.reason


def test_other_reservations_are_safe_and_say_what_a_deployed_function_loses() -> None:
    finding = Verbs(NAME).finds(stack("reserved_concurrent_executions=10"))[0]
    assert finding.fix is not None
    assert finding.fix.safety is Safety.SAFE
    assert "loses its reservation" in finding.fix.reason


def test_the_finding_sums_what_the_stack_reserves() -> None:
    code = stack("reserved_concurrent_executions=10") + (
        '        lambda_.Function(self, "B", reserved_concurrent_executions=25)\n'
        '        lambda_.Function(self, "C", memory_size=128)\n'
        "class OtherStack(Stack):\n"
        "    def add(self):\n"
        '        lambda_.Function(self, "D", reserved_concurrent_executions=400)\n'
    )
    first, _, other = Verbs(NAME).finds(code)
    assert "`PaymentStack` reserves 35 in 2 functions" in first.message
    assert "in 2 functions" not in other.message


def test_the_context_key_is_an_option() -> None:
    rewrites, _, _ = verbs(NAME, {"context-key": "prod:reserve"}, line_length=200)
    rewrites(
        stack("reserved_concurrent_executions=10"),
        stack(
            'reserved_concurrent_executions=10 if str(self.node.try_get_context("prod:reserve"))'
            '.lower() == "true" else None'
        ),
    )


def test_the_reservation_is_there_exactly_where_the_context_says_so(bench: Bench) -> None:
    rule = rules()[NAME]
    before, after = (rule.section(heading) + "\n" for heading in ("Before", "After"))
    (fixed,) = bench.stacks(before).values()
    contexts = [{}, *({"use_reserved_concurrency": on} for on in (True, False, "true", "false"))]
    reserved = []
    for context in contexts:
        (template,) = bench.stacks(after, context).values()
        found = differences(fixed, template)
        assert all(path.endswith("ReservedConcurrentExecutions") for path in found)
        reserved.append(not found)
    assert reserved == [False, True, False, True, False]


def test_a_cfn_function_takes_none_as_absent(bench: Bench) -> None:
    code = """
from aws_cdk import Stack, aws_lambda

class S(Stack):
    def __init__(self, scope, construct_id, **kwargs):
        super().__init__(scope, construct_id, **kwargs)
        aws_lambda.CfnFunction(self, "F", role="r", code={}, reserved_concurrent_executions=10)
"""
    fixed = fix(code.encode(), "stack.py").source.decode()
    (before,), (after,) = (bench.stacks(text).values() for text in (code, fixed))
    assert differences(before, after) == {
        "Resources.F.Properties.ReservedConcurrentExecutions": (10, None)
    }


def test_a_number_that_is_assigned_twice_is_reported() -> None:
    reports(
        "from aws_cdk import aws_lambda\nn = 1\nn = 2\n"
        "aws_lambda.Function(s, 'F', reserved_concurrent_executions=n)\n",
        "`n` cannot be followed",
    )


def test_a_function_that_is_switched_off_reserves_nothing() -> None:
    call = '        lambda_.Function(self, "{}", reserved_concurrent_executions={})\n'
    text = stack("reserved_concurrent_executions=10") + call.format("A", 0) + call.format("B", 5)
    first, _second = Verbs(NAME).finds(text)
    assert "`PaymentStack` reserves 15 in 2 functions" in first.message


def test_a_function_in_a_made_scope_asks_the_construct_around_it() -> None:
    before = stack("reserved_concurrent_executions=10").replace('(self, "P', '(make(), "P')
    rewrites(before, before.replace("=10", f"={switched('10')}"))
    reports(before.replace("(Stack)", "(Mixin)"), "no name whose node could be asked")


def test_keyword_arguments_from_elsewhere_say_nothing() -> None:
    leaves(stack("**given") + "# reserved_concurrent_executions\n")
