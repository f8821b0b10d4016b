"""Pull requests with what was said on them."""

from collections.abc import Mapping
from typing import Any

from sandbox.graphql.objects import account, commit_node, ref, repository_node
from sandbox.graphql.view import GraphQLRefused, Node, View, connection
from sandbox.shapes.basics import node_id, optional_time, pull_page, time
from sandbox.state import (
    IssueComment,
    Label,
    PullRequest,
    Repository,
    Review,
    ReviewComment,
    User,
)


def pull_of(view: View, repository: Repository, number: int) -> Node:
    """Return a pull request of a repository."""
    record = repository.pulls.get(number)
    if not record:
        reason = f"Could not resolve to a PullRequest with the number of {number}."
        raise GraphQLRefused("NOT_FOUND", reason)
    return pull_node(view, record)


def pulls_of(view: View, repository: Repository, wanted: Mapping[str, Any]) -> Any:
    """Return the pull requests of a repository, oldest first unless asked otherwise."""

    def items(_: Any) -> list[PullRequest]:
        states, head, base = (wanted.get(k) for k in ("states", "headRefName", "baseRefName"))
        labels = {name.lower() for name in wanted.get("labels") or ()}
        found = [
            it
            for it in repository.pulls.values()
            if (not states or _state(it) in states)
            and head in {None, it.head_ref}
            and base in {None, it.base_ref}
            and (not labels or labels & {label.name.lower() for label in it.labels})
        ]
        order = wanted.get("orderBy") or {"direction": "ASC"}
        return found[::-1] if order["direction"] == "DESC" else found

    return connection("pullRequests", items, lambda it: pull_node(view, it))(None, **wanted)


def _state(record: PullRequest) -> str:
    return "MERGED" if record.merged_at else record.state.upper()


def pull_node(view: View, record: PullRequest) -> Node:
    """Return a pull request."""
    repository, head = record.repository, record.head_repository
    git = repository.git
    is_there = head.id in view.state.repositories

    def rows() -> Any:
        return git.diff(git.merge_base(record.base_sha, record.head_sha), record.head_sha)

    return {
        "additions": lambda _: sum(row.additions for row in rows()),
        "author": account(view, record.author),
        "baseRef": lambda _: ref(view, repository, record.base_ref),
        "baseRefName": record.base_ref,
        "baseRefOid": record.base_sha,
        "baseRepository": lambda _: repository_node(view, repository),
        "body": record.body,
        "changedFiles": lambda _: len(rows()),
        "closed": record.state == "closed",
        "createdAt": time(record.created_at),
        "databaseId": record.id,
        "deletions": lambda _: sum(row.deletions for row in rows()),
        "fullDatabaseId": str(record.id),
        "headRef": lambda _: ref(view, head, record.head_ref),
        "headRefName": record.head_ref,
        "headRefOid": record.head_sha,
        "headRepository": lambda _: repository_node(view, head) if is_there else None,
        "headRepositoryOwner": account(view, head.owner) if is_there else None,
        "id": node_id("PR", record.id),
        "isCrossRepository": record.from_fork,
        "isDraft": record.draft,
        "locked": record.locked,
        "maintainerCanModify": record.maintainer_can_modify,
        "merged": record.merged_at is not None,
        "number": record.number,
        "state": _state(record),
        "title": record.title,
        "updatedAt": time(record.updated_at),
        "url": pull_page(view.state, record),
        "viewerDidAuthor": _is_viewer(view, record.author),
        **_lists(view, record),
    }


def _lists(view: View, record: PullRequest) -> Node:
    repository = record.repository
    git = repository.git
    return {
        "comments": connection(
            "comments", lambda _: record.comments, lambda it: comment_node(view, it)
        ),
        "commits": connection(
            "commits",
            lambda _: git.commits(record.base_sha, record.head_sha),
            lambda it: {"commit": commit_node(view, repository, it)},
        ),
        "labels": connection("labels", lambda _: record.labels, _label),
        "reviewThreads": connection(
            "reviewThreads",
            lambda _: [it for it in record.review_comments if not it.in_reply_to],
            lambda it: thread_node(view, it),
        ),
        "reviews": connection(
            "reviews", lambda a: _reviews(record, a), lambda it: review_node(view, it)
        ),
        "timelineItems": connection(
            "timelineItems",
            lambda _: [record] if record.closed_at else [],
            lambda it: _closed_event(view, it),
        ),
    }


def _closed_event(view: View, record: PullRequest) -> Node:
    return {
        "__typename": "ClosedEvent",
        "actor": account(view, record.closed_by) if record.closed_by else None,
        "createdAt": optional_time(record.closed_at),
        "id": node_id("CE", record.id),
    }


def _label(record: Label) -> Node:
    return {
        "color": record.color,
        "description": record.description,
        "id": node_id("LA", record.id),
        "name": record.name,
    }


def _is_viewer(view: View, author: User) -> bool:
    return view.actor.app is not None and author is view.actor.app.bot


def _reviews(record: PullRequest, wanted: Any) -> list[Review]:
    states, author = wanted.get("states"), wanted.get("author")
    return [
        it
        for it in record.reviews
        if (not states or it.state in states)
        and (not author or it.author.login.removesuffix("[bot]") == author)
    ]


def _minimizable(record: IssueComment | Review | ReviewComment) -> Node:
    return {
        "isMinimized": record.minimized is not None,
        "minimizedReason": record.minimized.lower().replace("_", "-") if record.minimized else None,
        "viewerCanMinimize": True,
    }


def _authored(view: View, record: IssueComment | Review | ReviewComment) -> Node:
    return {
        "author": account(view, record.author),
        "body": record.body,
        "databaseId": record.id,
        "fullDatabaseId": str(record.id),
        "viewerDidAuthor": _is_viewer(view, record.author),
        **_minimizable(record),
    }


def comment_node(view: View, record: IssueComment) -> Node:
    """Return a comment of the conversation."""
    return _authored(view, record) | {
        "__typename": "IssueComment",
        "createdAt": time(record.created_at),
        "id": node_id("IC", record.id),
        "updatedAt": time(record.updated_at),
        "url": f"{pull_page(view.state, record.pull)}#issuecomment-{record.id}",
    }


def review_node(view: View, record: Review) -> Node:
    """Return a review."""
    repository = record.pull.repository
    return _authored(view, record) | {
        "__typename": "PullRequestReview",
        "comments": connection(
            "comments",
            lambda _: [it for it in record.pull.review_comments if it.review is record],
            lambda it: review_comment_node(view, it),
        ),
        "commit": lambda _: commit_node(view, repository, repository.git.commit(record.commit_id)),
        "createdAt": optional_time(record.submitted_at),
        "id": node_id("PRR", record.id),
        "state": record.state,
        "submittedAt": optional_time(record.submitted_at),
        "url": f"{pull_page(view.state, record.pull)}#pullrequestreview-{record.id}",
    }


def review_comment_node(view: View, record: ReviewComment) -> Node:
    """Return a comment on the diff."""
    first = record.in_reply_to
    return _authored(view, record) | {
        "__typename": "PullRequestReviewComment",
        "createdAt": time(record.created_at),
        "diffHunk": record.diff_hunk,
        "id": node_id("PRRC", record.id),
        "line": record.line,
        "originalLine": record.original_line,
        "originalStartLine": record.original_start_line,
        "outdated": record.outdated,
        "path": record.path,
        "pullRequestReview": lambda _: review_node(view, record.review),
        "replyTo": lambda _: review_comment_node(view, first) if first else None,
        "startLine": record.start_line,
        "updatedAt": time(record.updated_at),
        "url": f"{pull_page(view.state, record.pull)}#discussion_r{record.id}",
    }


def thread_node(view: View, first: ReviewComment) -> Node:
    """Return the thread that a comment on the diff began."""
    return {
        "comments": connection(
            "comments",
            lambda _: [it for it in first.pull.review_comments if first in {it, it.in_reply_to}],
            lambda it: review_comment_node(view, it),
        ),
        "diffSide": first.side,
        "id": node_id("PRRT", first.id),
        "isCollapsed": first.resolved_by is not None or first.outdated,
        "isOutdated": first.outdated,
        "isResolved": first.resolved_by is not None,
        "line": first.line,
        "originalLine": first.original_line,
        "originalStartLine": first.original_start_line,
        "path": first.path,
        "resolvedBy": account(view, first.resolved_by) if first.resolved_by else None,
        "startLine": first.start_line,
    }
