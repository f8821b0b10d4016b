from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

import codemods
from bot.analysis.wire import read_reply
from bot.analysis.worker import answer

SOURCE = b"""\
from aws_cdk import aws_ec2 as ec2
ec2.Vpc(None, 'V', max_azs=3, nat_gateways=1)
ec2.Vpc(None, 'W', max_azs=3, nat_gateways=1)  # cdk-medic: ignore[shared-nat-gateway] -- a test
x = 1  # cdk-medic: ignore[shared-nat-gateway]
"""


def _ask(verb: str, source: bytes = SOURCE, **options: Any) -> dict[str, Any]:
    request = {"path": "a.py", "source": base64.b64encode(source).decode(), "verb": verb}
    reply: dict[str, Any] = json.loads(json.dumps(answer(request | options)))
    return reply


@pytest.mark.parametrize("edits", [False, True])
def test_an_analysis_survives_the_way_through_json(edits: bool) -> None:
    result = read_reply(_ask("analyse", edits=edits), SOURCE)
    expected = codemods.analyse(SOURCE, "a.py", edits=edits)
    assert (len(expected.findings), len(expected.silenced), len(expected.unused_ignores)) == (
        1,
        1,
        1,
    )
    assert result.analysis == expected
    assert result.source == SOURCE


def test_a_fix_survives_the_way_through_json() -> None:
    result = read_reply(_ask("fix", rules=[], unsafe=True), SOURCE)
    assert result == codemods.fix(SOURCE, "a.py", unsafe=True)
    assert len(result.applied) == 1


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (MemoryError(), "it needs more memory than an analysis may use"),
        (RecursionError(), "its code is nested too deeply to be analysed"),
        (KeyError("x"), "its analysis failed (KeyError)"),
    ],
)
def test_what_the_analysis_raises_is_the_problem_of_one_file(
    monkeypatch: pytest.MonkeyPatch, error: Exception, problem: str
) -> None:
    monkeypatch.setattr(codemods, "analyse", _raising(error))
    assert read_reply(_ask("analyse", edits=True), SOURCE).analysis.problem == problem


def _raising(error: Exception) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def test_a_file_that_does_not_concern_the_cdk_may_have_any_shape() -> None:
    assert read_reply(_ask("analyse", b"x = " + b"(" * 500, edits=True), b"").analysis.problem == ""


def test_a_dangerous_shape_is_explained_and_not_parsed() -> None:
    source = SOURCE + b"x = " + b"(" * 41
    assert read_reply(_ask("analyse", source, edits=True), source).analysis.problem == (
        "line 5: brackets are nested more than 40 deep"
    )


@pytest.mark.parametrize(
    "reply", [{}, {"analysis": {}}, {"analysis": 1}, {"analysis": None, "source": "%"}]
)
def test_a_reply_of_another_shape_is_an_error_that_is_expected(reply: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        read_reply(reply, b"")
