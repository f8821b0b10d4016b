"""The matrix itself: what meets what, and that a proof can fail."""

from __future__ import annotations

import ast
import dataclasses
import importlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from codemods.rule import Fix, Safety
from tests.matrix.forms import Case, Form, cases
from tests.matrix.places import PLACES
from tests.matrix.proof import _declared
from tests.matrix.styles import STYLES
from tests.synthesis import ROOT

RULES = sorted(
    path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*_*.py")
)
PAGE = ROOT / "docs" / "proof.md"


def tables(rule: str) -> tuple[Mapping[str, Form], Mapping[str, Form]]:
    """The forms that a rule fixes, and those that it leaves alone."""
    module = importlib.import_module(f"tests.matrix.test_{rule}")
    return module.FORMS, module.LEFT


def count(forms: Mapping[str, Form]) -> int:
    return sum(len(cases(forms, name)) for name in forms)


@pytest.mark.parametrize("rule", RULES)
def test_every_form_meets_every_style_and_every_place(rule: str) -> None:
    for table in tables(rule):
        for name, form in table.items():
            met = [case.name.rpartition(", ")[::2] for case in cases(table, name)]
            assert {style for style, _ in met} == set(STYLES)
            assert {place for _, place in met} == set(form.places)


@pytest.mark.parametrize("rule", RULES)
def test_every_style_meets_every_place(rule: str) -> None:
    fixed, _ = tables(rule)
    met = {case.name for name in fixed for case in cases(fixed, name)}
    assert met == {f"{style}, {place}" for style in STYLES for place in PLACES}


@pytest.mark.parametrize("rule", RULES)
def test_every_case_is_a_file_of_its_own_that_parses(rule: str) -> None:
    for table in tables(rule):
        sources = [case.source for name in table for case in cases(table, name)]
        assert sources
        for source in sources:
            ast.parse(source)
            assert "SCOPE" not in source
            assert "BODY" not in source


FORM = Form("", ("AWS::S3::Bucket.BucketName",))
FIX = Fix("", Safety.UNSAFE, "", changes=FORM.changes, replaces=("AWS::S3::Bucket",))


@pytest.mark.parametrize(
    ("found", "fix"),
    [
        (set(), FIX),
        ({*FORM.changes, "AWS::S3::Bucket.Tags"}, FIX),
        ({*FORM.changes, "Outputs"}, FIX),
        (set(FORM.changes), dataclasses.replace(FIX, changes=())),
        (set(FORM.changes), dataclasses.replace(FIX, changes=(*FORM.changes, "AWS::EC2::EIP"))),
        (set(FORM.changes), dataclasses.replace(FIX, replaces=())),
    ],
)
def test_too_much_and_too_little_are_no_proof(found: set[str], fix: Fix) -> None:
    case = Case("", "", PLACES["Stack"])
    _declared("bucket-name-without-account", FORM, case, FIX, set(FORM.changes))
    with pytest.raises(AssertionError):
        _declared("bucket-name-without-account", FORM, case, fix, found)


def test_the_page_tells_the_cases_that_there_are() -> None:
    rows, total = [], 0
    for rule in RULES:
        fixed, left = tables(rule)
        name = rule.replace("_", "-")
        rows.append(
            f"| [`{name}`](rules/{name}.md) | {len(fixed)} | {count(fixed)} | {len(left)} "
            f"| {count(left)} |"
        )
        total += count(fixed)
    rows.append(f"| together | | {total} | | {sum(count(tables(rule)[1]) for rule in RULES)} |")
    page = PAGE.read_text()
    assert [row for row in rows if row not in page] == []
    assert total >= 150
