"""Refs that move together or not at all, each only from where the client thinks it is."""

from dataclasses import dataclass
from typing import Any

from sandbox.actions.branches import move_branch
from sandbox.actions.files import check_workflows
from sandbox.actions.pulls import delete_branch
from sandbox.errors import no_permission
from sandbox.events import ZERO
from sandbox.git import GitError
from sandbox.graphql.view import GraphQLRefused, Node, View
from sandbox.rest.routing import check_access
from sandbox.shapes.basics import number_of
from sandbox.state import Repository

_HEADS = "refs/heads/"


@dataclass(frozen=True)
class _Move:
    """A branch and where it goes; forty zeros where it was not there, or is to go away."""

    branch: str
    before: str
    after: str


def update_refs(view: View, wanted: dict[str, Any]) -> Node:
    """Move, make and delete branches; one that can't be leaves all of them where they are."""
    repository = _repository(view, wanted["repositoryId"])
    check_access(view.actor, repository, ("contents:write",))
    app = view.actor.app
    if not app:
        raise no_permission()
    for move in [_checked(view, repository, it) for it in wanted["refUpdates"]]:
        if move.before == move.after:
            continue
        if move.after == ZERO:
            delete_branch(view.service, repository, move.branch, by=app.bot)
        else:
            move_branch(view.service, repository, move.branch, move.after, by=app.bot)
    return {"clientMutationId": wanted.get("clientMutationId")}


def _repository(view: View, node: str) -> Repository:
    prefix, number = number_of(node)
    record = view.state.repositories.get(number) if prefix == "R" else None
    if record is None:
        reason = f"Could not resolve to a node with the global id of '{node}'."
        raise GraphQLRefused("NOT_FOUND", reason)
    return view.repository(*record.full_name.split("/"))


def _checked(view: View, repository: Repository, wanted: dict[str, Any]) -> _Move:
    git, name, after = repository.git, wanted["name"], wanted["afterOid"]
    if not name.startswith(_HEADS):
        raise GraphQLRefused("UNPROCESSABLE", f"The ref {name!r} is no branch.")
    before = git.ref(name) or ZERO
    expected = wanted.get("beforeOid")
    if expected and before != expected:
        reason = f"{name} is at {before} but expected {expected}."
        raise GraphQLRefused("UNPROCESSABLE", reason)
    if after != ZERO:
        _check_commit(view, repository, before, wanted)
    return _Move(name.removeprefix(_HEADS), before, after)


def _check_commit(view: View, repository: Repository, before: str, wanted: dict[str, Any]) -> None:
    git, after = repository.git, wanted["afterOid"]
    try:
        git.resolve(after)
    except GitError:
        reason = f"{wanted['name']}: the object {after} does not exist."
        raise GraphQLRefused("UNPROCESSABLE", reason) from None
    if before != ZERO and not wanted.get("force") and not git.is_ancestor(before, after):
        reason = f"{wanted['name']}: the update is not a fast-forward."
        raise GraphQLRefused("UNPROCESSABLE", reason)
    since = repository.default_branch if before == ZERO else before
    token = view.actor.token
    check_workflows(
        [row.path for row in git.diff(since, after)], token.permissions if token else {}
    )
