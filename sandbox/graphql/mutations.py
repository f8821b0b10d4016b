"""What GraphQL changes: a commit on a branch, a comment folded away, a thread resolved."""

import base64
import binascii
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from sandbox.actions import comments, reviews
from sandbox.actions.branches import pulls_of
from sandbox.actions.files import check_workflows, commit_files
from sandbox.errors import no_permission
from sandbox.git import GitError, Identity
from sandbox.graphql.discussion import (
    comment_node,
    review_comment_node,
    review_node,
    thread_node,
)
from sandbox.graphql.objects import commit_node, ref
from sandbox.graphql.view import GraphQLRefused, Node, View
from sandbox.rest.routing import check_access
from sandbox.shapes.basics import number_of
from sandbox.state import IssueComment, PullRequest, Repository, Review, ReviewComment


def create_commit_on_branch(view: View, wanted: dict[str, Any]) -> Node:
    """Commit file changes on a branch that still is where the client thinks it is."""
    repository, branch = _branch(view, wanted["branch"])
    check_access(view.actor, _lender(view, repository, branch) or repository, ("contents:write",))
    app, token = view.actor.app, view.actor.token
    if not app or not token:
        raise no_permission()
    full = f"refs/heads/{branch}"
    head = repository.git.ref(full)
    if not head:
        reason = f"No branch named '{branch}' was found in {repository.full_name}."
        raise GraphQLRefused("NOT_FOUND", reason)
    expected = wanted["expectedHeadOid"]
    if head != expected:
        reason = f'Expected branch to point to "{expected}" but it did not.  Pull and try again.'
        raise GraphQLRefused("STALE_DATA", reason)
    files = _files(repository, head, wanted.get("fileChanges") or {})
    check_workflows(list(files), token.permissions)
    message = wanted["message"]
    sha = commit_files(
        view.service,
        repository,
        branch,
        files,
        f"{message['headline']}\n\n{message.get('body') or ''}".strip(),
        by=app.bot,
        author=Identity(app.bot.login, app.bot.email),
        expected=head,
    )
    return {
        "clientMutationId": wanted.get("clientMutationId"),
        "commit": commit_node(view, repository, repository.git.commit(sha)),
        "ref": lambda _: ref(view, repository, full),
    }


def _lender(view: View, repository: Repository, branch: str) -> Repository | None:
    """The repository whose writers may push here: a person has lent them the branch of a fork."""
    lent = [
        pull.repository
        for pull in pulls_of(view.service, repository, branch)
        if pull.from_fork and pull.maintainer_can_modify and repository.owner.type == "User"
    ]
    return lent[0] if lent else None


def _branch(view: View, wanted: dict[str, Any]) -> tuple[Repository, str]:
    if wanted.get("id"):
        for repository in view.state.repositories.values():
            for full in repository.git.refs("refs/heads"):
                node = ref(view, repository, full)
                if node and node["id"] == wanted["id"]:
                    return view.repository(*repository.full_name.split("/")), node["name"]
        reason = f"Could not resolve to a node with the global id of '{wanted['id']}'"
        raise GraphQLRefused("NOT_FOUND", reason)
    owner, _, name = (wanted.get("repositoryNameWithOwner") or "").partition("/")
    branch = (wanted.get("branchName") or "").removeprefix("refs/heads/")
    return view.repository(owner, name), branch


def _files(repository: Repository, head: str, changes: dict[str, Any]) -> dict[str, bytes | None]:
    files: dict[str, bytes | None] = {}
    for deletion in changes.get("deletions") or []:
        path = _path(deletion["path"])
        try:
            repository.git.entry(head, path)
        except GitError:
            reason = (
                f"A path was requested for deletion which does not exist as of commit oid `{head}`"
            )
            raise GraphQLRefused("UNPROCESSABLE", reason) from None
        files[path] = None
    for addition in changes.get("additions") or []:
        try:
            contents = base64.b64decode(addition["contents"], validate=True)
        except (binascii.Error, ValueError):
            raise GraphQLRefused("UNPROCESSABLE", "contents is no Base64.") from None
        files[_path(addition["path"])] = contents
    return files


def _path(path: str) -> str:
    parts = PurePosixPath(path).parts
    bad = {"..", ".", "/"} & set(parts) or any(part.lower() == ".git" for part in parts)
    if bad or path != "/".join(parts) or not path or "\0" in path:
        raise GraphQLRefused("UNPROCESSABLE", f"The path {path!r} is malformed.")
    return path


def _said(view: View) -> Iterator[tuple[str, PullRequest, IssueComment | Review | ReviewComment]]:
    for repository in view.state.repositories.values():
        for pull in repository.pulls.values():
            yield from (("IC", pull, it) for it in pull.comments)
            yield from (("PRR", pull, it) for it in pull.reviews)
            yield from (("PRRC", pull, it) for it in pull.review_comments)


def _find(
    view: View, node: str, kinds: dict[str, str]
) -> tuple[PullRequest, IssueComment | Review | ReviewComment]:
    """Find what a node id stands for; `kinds` maps its prefixes to those of `_said`."""
    prefix, number = number_of(node)
    for kind, pull, record in _said(view):
        if kind == kinds.get(prefix) and record.id == number:
            check_access(view.actor, pull.repository, ("pull_requests:write", "issues:write"))
            return pull, record
    reason = f"Could not resolve to a node with the global id of '{node}'"
    raise GraphQLRefused("NOT_FOUND", reason)


def minimize_comment(view: View, wanted: dict[str, Any]) -> Node:
    """Fold away a comment, a review or a comment on the diff."""
    kinds = {"IC": "IC", "PRR": "PRR", "PRRC": "PRRC"}
    _, record = _find(view, wanted["subjectId"], kinds)
    comments.minimize(view.service, record, wanted["classifier"])
    if isinstance(record, IssueComment):
        node = comment_node(view, record)
    elif isinstance(record, Review):
        node = review_node(view, record)
    else:
        node = review_comment_node(view, record)
    return {"clientMutationId": wanted.get("clientMutationId"), "minimizedComment": node}


def resolve_review_thread(view: View, wanted: dict[str, Any]) -> Node:
    """Resolve a thread, as the App's bot."""
    _, record = _find(view, wanted["threadId"], {"PRRT": "PRRC"})
    if not isinstance(record, ReviewComment) or not view.actor.app:
        raise no_permission()
    reviews.resolve_thread(view.service, record, True, by=view.actor.app.bot)
    return {
        "clientMutationId": wanted.get("clientMutationId"),
        "thread": thread_node(view, record),
    }
