"""GitHub's published schema accepts what the bot asks for."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema, parse, validate

from bot.github import branches, pull_request, repository

SCHEMA = Path(__file__).parents[2] / "node/node_modules/@octokit/graphql-schema/schema.graphql"


@cache
def schema() -> GraphQLSchema:
    # The published text breaks two rules of the language, which is not what is tested here.
    return build_schema(SCHEMA.read_text(), assume_valid=True)


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
        repository.COMMIT,
        branches.DEFAULT_BRANCH,
        branches.UPDATE_REFS,
    ],
)
def test_a_query_is_valid(query: str) -> None:
    assert validate(schema(), parse(query)) == []
