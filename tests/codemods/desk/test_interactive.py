"""`fix --interactive`: one fix after the other."""

from __future__ import annotations

import io
import sys

import pytest

from tests.codemods.conftest import Desk, Ran

THREE = """\
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_lambda as lambda_

ec2.Vpc(stack, "A", max_azs=3, nat_gateways=1)
ec2.Vpc(stack, "B", max_azs=3, nat_gateways=1)
lambda_.Function(stack, "Fn", reserved_concurrent_executions=1)
"""


def answer(desk: Desk, monkeypatch: pytest.MonkeyPatch, *answers: str, options: str = "") -> Ran:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{each}\n" for each in answers)))
    return desk.run("fix", "--interactive", *options.split())


def fixed(desk: Desk) -> list[str]:
    """Which of the three are fixed."""
    text = desk.read("stack.py")
    names = [name for name in "AB" if f'"{name}", max_azs=3, nat_gateways=3' in text]
    return names + (["Fn"] if "try_get_context" in text else [])


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        (("y", "n", "n"), ["A"]),
        (("n", "y", "yes"), ["B", "Fn"]),
        (("a", "n"), ["A", "B"]),
        (("s", "y"), ["Fn"]),
        (("y", "q"), ["A"]),
        (("y",), ["A"]),
        ((), []),
        (("?", "what", "", "y", "q"), ["A"]),
    ],
)
def test_only_what_was_chosen_is_fixed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, answers: tuple[str, ...], outcome: list[str]
) -> None:
    desk.write({"stack.py": THREE})
    answer(desk, monkeypatch, *answers)
    assert fixed(desk) == outcome


def test_each_fix_is_shown_with_its_own_difference(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write({"stack.py": THREE})
    ran = answer(desk, monkeypatch, "n", "n", "n")
    assert ran.out.count('+ec2.Vpc(stack, "A", max_azs=3, nat_gateways=3)') == 1
    assert ran.out.count('+ec2.Vpc(stack, "B", max_azs=3, nat_gateways=3)') == 1
    assert "(2/3) Apply this fix [y,n,a,s,q,?]? " in ran.out
    assert "= unsafe fix:" in ran.out
    assert ran.code == 1


def test_the_differences_are_coloured_where_colours_are_wanted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write({"stack.py": THREE})
    monkeypatch.setenv("FORCE_COLOR", "1")
    ran = answer(desk, monkeypatch, "q")
    assert '\x1b[32m+ec2.Vpc(stack, "A", max_azs=3, nat_gateways=3)\x1b[0m' in ran.out
    assert '\x1b[31m-ec2.Vpc(stack, "A", max_azs=3, nat_gateways=1)\x1b[0m' in ran.out


def test_what_the_answers_mean_is_said_on_request(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write({"stack.py": THREE})
    ran = answer(desk, monkeypatch, "?", "q")
    assert "s - leave it and every later one of its rule" in ran.out


def test_after_leaving_no_other_file_is_asked_about(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write({"a.py": THREE, "b.py": THREE})
    ran = answer(desk, monkeypatch, "q")
    assert ran.out.count("Apply this fix") == 1
    assert "Nothing to fix; 6 left" in ran.out


def test_an_advisory_is_asked_about_only_where_its_rule_is_named(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write({"stack.py": THREE})
    ran = answer(desk, monkeypatch, "y", options="--select fixed-reserved-concurrency")
    assert "(1/1)" in ran.out
    assert fixed(desk) == ["Fn"]


def test_a_difference_is_not_asked_for_and_shown_at_once(desk: Desk) -> None:
    with pytest.raises(SystemExit, match="2"):
        desk.run("fix", "--interactive", "--diff")
