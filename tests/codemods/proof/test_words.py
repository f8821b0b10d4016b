"""The sentences of a verdict."""

from __future__ import annotations

from codemods.proof.words import remarks
from tests.codemods.proof.made import verdict


def test_a_long_list_of_what_is_restless_is_cut() -> None:
    names = tuple(f"Stack: R{index}.Name" for index in range(7))
    (remark,) = remarks(verdict({}, {}, restless=names))
    assert remark.endswith("Stack: R4.Name and 2 more.")


def test_values_that_were_not_looked_up_are_counted() -> None:
    (remark,) = remarks(verdict({}, {}, missing=2))
    assert remark.startswith("2 values that the app looks up in an account had a stand-in")
