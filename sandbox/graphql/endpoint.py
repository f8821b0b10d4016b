"""POST /api/graphql."""

from functools import cache
from importlib.resources import files
from typing import Any

from graphql import GraphQLSchema, build_schema, graphql_sync

from sandbox.auth import Actor
from sandbox.errors import Refused
from sandbox.graphql import mutations
from sandbox.graphql.objects import account, repository_node
from sandbox.graphql.refs import update_refs
from sandbox.graphql.view import Node, View, formatted
from sandbox.service import Service
from sandbox.shapes.basics import time
from sandbox.state.limits import Rate


@cache
def schema() -> GraphQLSchema:
    """Return the schema, the part of GitHub's that the stand-in answers."""
    text = files("sandbox.graphql").joinpath("schema.graphql").read_text(encoding="utf-8")
    return build_schema(text)


def answer(service: Service, actor: Actor, rate: Rate, body: dict[str, Any]) -> dict[str, Any]:
    """Answer a query; errors of fields stand beside the data, as everywhere in GraphQL.

    Raises:
        Refused: 401 without a token, 400 without a query.
    """
    if not actor.token:
        raise Refused(401, "This endpoint requires you to be authenticated.")
    query = body.get("query")
    if not isinstance(query, str):
        raise Refused(400, "A query attribute must be specified and must be a string.")
    done = graphql_sync(
        schema(),
        query,
        root_value=_root(View(service, actor), rate),
        variable_values=body.get("variables") or {},
        operation_name=body.get("operationName"),
    )
    shape: dict[str, Any] = {}
    if done.data is not None or not done.errors:
        shape["data"] = done.data
    if done.errors:
        shape["errors"] = [formatted(error) for error in done.errors]
    return shape


def _root(view: View, rate: Rate) -> Node:
    def repository(_: Any, owner: str, name: str, followRenames: bool = True) -> Node:  # noqa: ARG001, N803 -- GitHub's name
        return repository_node(view, view.repository(owner, name))

    return {
        "rateLimit": lambda _, **__: {
            "cost": 1,
            "limit": rate.limit,
            "remaining": rate.limit - rate.used,
            "resetAt": time(rate.reset),
            "used": rate.used,
        },
        "repository": repository,
        "viewer": lambda _: _viewer(view),
        "createCommitOnBranch": lambda _, **a: mutations.create_commit_on_branch(view, a["input"]),
        "minimizeComment": lambda _, **a: mutations.minimize_comment(view, a["input"]),
        "resolveReviewThread": lambda _, **a: mutations.resolve_review_thread(view, a["input"]),
        "updateRefs": lambda _, **a: update_refs(view, a["input"]),
    }


def _viewer(view: View) -> Node | None:
    """Return the bot that asks; here, and only here, its login has its "[bot]"."""
    app = view.actor.app
    return account(view, app.bot) | {"login": app.bot.login} if app else None
