"""Which patterns name a place as outside of production."""

from __future__ import annotations

import pytest

from codemods.settings.environments import Environments, Place, objection

DEV = Place(classes=("PaymentDevStack",), ids=("Vpc", "dev-payments"))
PROD = Place(classes=("PaymentStack",), ids=("Vpc", "prod-payments"))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("stack:PaymentDev*", True),
        ("stack:paymentdev*", False),
        ("stack:Payment", False),
        ("id:dev-*", True),
        ("id:Vpc", True),
        ("id:de-*", False),
        ("lab/", True),
        ("lab/**", True),
        ("*.py", True),
        ("/network.py", False),
        ("other/", False),
    ],
)
def test_a_pattern_names_a_class_an_id_or_a_path(pattern: str, expected: bool) -> None:
    environments = Environments(non_production=("nothing", pattern))
    assert environments.exempt("lab/network.py", [DEV]) is expected


def test_what_is_named_as_both_is_production() -> None:
    environments = Environments(production=("stack:*DevStack",), non_production=("id:dev-*",))
    assert not environments.exempt("a.py", [DEV])


def test_what_is_used_for_both_is_production() -> None:
    assert not Environments(non_production=("id:dev-*",)).exempt("a.py", [DEV, PROD])
    both = Environments(production=("id:prod-*",), non_production=("a.py",))
    assert both.exempt("a.py", [DEV])
    assert not both.exempt("a.py", [DEV, PROD])


def test_paths_are_relative_to_the_directory_of_the_configuration() -> None:
    environments = Environments(non_production=("/lab",), directory="infra/")
    assert environments.exempt("infra/lab/a.py", [PROD])
    assert not environments.exempt("lab/a.py", [PROD])


@pytest.mark.parametrize("pattern", ["stack:X", "id:*", "a/b:c", "lab", "C1:x"])
def test_such_patterns_are_fine(pattern: str) -> None:
    assert objection(pattern) == ""


@pytest.mark.parametrize("pattern", ["", "id:", "stack:", "class:X", "!"])
def test_such_patterns_are_none(pattern: str) -> None:
    assert objection(pattern) != ""


def test_a_stack_that_is_used_for_both_divides_them() -> None:
    by_id = Environments(non_production=("id:dev-*",))
    assert by_id.divide("a.py", [DEV, PROD])
    assert not by_id.divide("a.py", [DEV])
    assert not by_id.divide("a.py", [PROD])
    named_twice = Environments(production=("stack:*DevStack",), non_production=("id:dev-*",))
    assert named_twice.divide("a.py", [DEV])
    assert not Environments().divide("a.py", [DEV, PROD])
