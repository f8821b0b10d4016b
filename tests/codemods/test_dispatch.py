"""Which rules look at what."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from codemods.code.module import Module
from codemods.dispatch import Dispatch, Watchers, dispatch
from codemods.registry import rules
from codemods.rule import Discovery, Level, Rule
from codemods.settings.policy import Policy


class Watching(Rule):
    """Allow anything."""

    level = Level.LOW
    documentation = ""
    names = frozenset({"Vpc"})
    changes = ()
    deployed = ""

    def check(self, reference: ast.expr, module: Module) -> Iterator[Discovery]:
        raise NotImplementedError


class Zones(Watching):
    """Allow any zones."""

    arguments = frozenset({"max_azs", "availability_zones"})


class Gateways(Watching):
    """Allow any gateways."""

    arguments = frozenset({"nat_gateways"})


class Endpoints(Watching):
    """Allow any endpoints."""

    names = frozenset({"Vpc", "Endpoint"})
    keywords = frozenset({"s3."})
    widened_by = "all"


SELECTED = [Gateways, Watching, Zones, Endpoints]


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("f()", ["Watching", "Endpoints"]),
        ("f(nat_gateways=1)", ["Gateways", "Watching", "Endpoints"]),
        ("f(max_azs=1, other=2)", ["Watching", "Zones", "Endpoints"]),
        ("f(max_azs=1, nat_gateways=2)", ["Gateways", "Watching", "Zones", "Endpoints"]),
        ("f(**more)", ["Gateways", "Watching", "Zones", "Endpoints"]),
        ("f(max_azs)", ["Watching", "Endpoints"]),
    ],
)
def test_a_rule_is_shown_the_calls_that_pass_its_arguments(code: str, names: list[str]) -> None:
    call = ast.parse(code, mode="eval").body
    assert isinstance(call, ast.Call)
    assert [rule.__name__ for rule in Watchers(tuple(SELECTED)).of(call)] == names


def test_a_rule_about_arguments_is_not_shown_what_is_no_call() -> None:
    assert Watchers((Gateways, Watching)).of(None) == (Watching,)


@pytest.mark.parametrize(
    ("source", "watched"),
    [
        (b"Vpc", {"Vpc": ["Watching"]}),
        (b"Vpc nat_gateways", {"Vpc": ["Gateways", "Watching"]}),
        (b"Vpc availability_zones", {"Vpc": ["Watching", "Zones"]}),
        (b"Vpc s3.", {"Vpc": ["Watching", "Endpoints"], "Endpoint": ["Endpoints"]}),
        (b"Endpoint s3.", {"Vpc": ["Endpoints"], "Endpoint": ["Endpoints"]}),
        (b"max_azs", {}),
    ],
)
def test_a_rule_looks_at_files_with_a_name_and_a_word(
    source: bytes, watched: dict[str, list[str]]
) -> None:
    table = Dispatch(SELECTED, frozenset()).watchers(source)
    everything = ast.parse("f(**more)", mode="eval").body
    assert isinstance(everything, ast.Call)
    assert {
        word: [rule.__name__ for rule in watchers.of(everything)]
        for word, watchers in table.items()
    } == watched


def test_an_option_widens_what_a_rule_looks_at() -> None:
    table = Dispatch([Endpoints], frozenset({"endpoints"})).watchers(b"Endpoint")
    assert set(table) == {"Vpc", "Endpoint"}


def test_files_with_the_same_words_share_a_table() -> None:
    shared = dispatch(Policy())
    assert shared is dispatch(Policy())
    assert shared.watchers(b"Vpc(nat_gateways") is shared.watchers(b"nat_gateways=1 Vpc")


def test_only_what_the_policy_wants_looks_at_a_file() -> None:
    source = b"Vpc(nat_gateways=1) Bucket(bucket_name='b')"
    assert set(dispatch(Policy(select=frozenset({"shared-nat-gateway"}))).watchers(source)) == {
        "Vpc"
    }
    assert "Vpc" not in dispatch(Policy(ignore=frozenset({"shared-nat-gateway"}))).watchers(source)


def test_every_rule_may_look_where_no_policy_is_known() -> None:
    words = " ".join(name for rule in rules().values() for name in rule.names)
    table = dispatch(None).watchers(f"Function {words}".encode())
    assert set(table) >= rules()["missing-explicit-deny"].names
