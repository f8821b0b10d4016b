"""GitHub's published schema accepts what the bot asks for."""

from __future__ import annotations

import pytest
from graphql import parse, validate

from bot.github import branches, commits, proposals, pull_request
from tests.bot.github.contract import graphql_schema


@pytest.mark.parametrize(
    "query",
    [
        pull_request.query(0, 0),
        pull_request.query(50, 2),
        pull_request.content_query(50, 0),
        pull_request.content_query(0, 50),
        pull_request.page_query("comments"),
        pull_request.page_query("reviews"),
        pull_request.page_query("reviewThreads"),
        pull_request.minimize_query(50),
        commits.MUTATION,
        branches.DEFAULT_BRANCH,
        branches.UPDATE_REFS,
        proposals.query(1),
        proposals.query(20),
    ],
)
def test_a_query_is_valid(query: str) -> None:
    assert validate(graphql_schema(), parse(query)) == []
