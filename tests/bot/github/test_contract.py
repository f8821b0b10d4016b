"""The check of the bot's requests notices what GitHub would refuse, or silently ignore."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from sandbox.state import RecordedRequest
from tests.bot.github.contract import problems

REPOSITORY = "/api/v3/repos/acme/payments"
SHA = "a" * 40


def sent(method: str, path: str, body: Any = None, query: str = "") -> RecordedRequest:
    return RecordedRequest(
        method=method,
        path=path,
        query=query,
        route="",
        app="cdk-medic",
        installation_id=1,
        status=200,
        at=dt.datetime(2026, 1, 2, tzinfo=dt.UTC),
        body=b"" if body is None else json.dumps(body).encode(),
    )


SEARCH = 'query($n: Int!) { search(first: $n, type: USER, query: "x") { userCount } }'
COMMENT = {"path": "a.py", "line": 1, "side": "RIGHT", "body": "x"}


@pytest.mark.parametrize(
    "request_",
    [
        sent("GET", f"{REPOSITORY}/pulls/1/files", query="per_page=100&page=1"),
        sent("GET", f"{REPOSITORY}/compare/{SHA}...{SHA}", query="per_page=1"),
        sent("GET", f"{REPOSITORY}/commits/{SHA}/check-runs", query="check_name=x&app_id=3"),
        sent("POST", f"{REPOSITORY}/pulls/1/reviews", {"event": "COMMENT", "comments": [COMMENT]}),
        sent("POST", "/api/graphql", {"query": SEARCH, "variables": {"n": 1}}),
    ],
    ids=lambda it: it.path,
)
def test_what_github_describes_is_no_problem(request_: RecordedRequest) -> None:
    assert problems([request_]) == []


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        (sent("GET", f"{REPOSITORY}/nowhere"), "no such operation"),
        (sent("PUT", f"{REPOSITORY}/pulls/1/files"), "no such operation"),
        (sent("GET", f"{REPOSITORY}/pulls/1/files", query="perpage=9"), "no parameter perpage"),
        (sent("GET", f"{REPOSITORY}/pulls/1/files", query="page=two"), "not of type 'integer'"),
        (sent("POST", f"{REPOSITORY}/pulls/1/reviews", {"event": "PRAISE"}), "'PRAISE'"),
        (
            sent("POST", f"{REPOSITORY}/pulls/1/reviews", {"comments": [COMMENT | {"row": 5}]}),
            "no field 'row'",
        ),
        (sent("POST", f"{REPOSITORY}/issues/1/comments", {}), "'body' is a required"),
        (sent("POST", f"{REPOSITORY}/check-runs", {"name": "x"}), "'head_sha' is a required"),
        (sent("POST", "/api/graphql", {"query": "{ viewer { shoeSize } }"}), "shoeSize"),
        (
            sent("POST", "/api/graphql", {"query": SEARCH, "variables": {"n": "one"}}),
            "Int cannot represent",
        ),
        (
            sent("POST", "/api/graphql", {"query": "{ viewer { id } }", "variables": {"n": 1}}),
            "n is not declared",
        ),
    ],
    ids=lambda it: it if isinstance(it, str) else it.path,
)
def test_what_github_would_not_take_is_told(request_: RecordedRequest, told: str) -> None:
    found = problems([request_])
    assert found
    assert all(told in problem for problem in found), found
