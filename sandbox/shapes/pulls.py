"""Pull requests, in their three shapes: listed, whole, and as the issue that they are too."""

from typing import Any
from urllib.parse import quote

from sandbox.shapes.accounts import user
from sandbox.shapes.basics import api, node_id, optional_time, pull_page, time
from sandbox.shapes.discussion import association, rollup
from sandbox.shapes.repositories import reference, repository
from sandbox.state import PullRequest, Repository, State


def _end(state: State, where: Repository, ref: str, sha: str) -> dict[str, Any]:
    return {
        "label": f"{where.owner.login}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": user(state, where.owner),
        "repo": repository(state, where) if where.id in state.repositories else None,
    }


def simple_pull(state: State, record: PullRequest) -> dict[str, Any]:
    """Return a pull request as lists show it."""
    base = api(state, f"/repos/{record.repository.full_name}")
    url, issue = f"{base}/pulls/{record.number}", f"{base}/issues/{record.number}"
    html = pull_page(state, record)
    links = {
        "self": url,
        "html": html,
        "issue": issue,
        "comments": f"{issue}/comments",
        "review_comments": f"{url}/comments",
        "review_comment": f"{base}/pulls/comments{{/number}}",
        "commits": f"{url}/commits",
        "statuses": f"{base}/statuses/{record.head_sha}",
    }
    return {
        "url": url,
        "id": record.id,
        "node_id": node_id("PR", record.id),
        "html_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "issue_url": issue,
        "commits_url": links["commits"],
        "review_comments_url": links["review_comments"],
        "review_comment_url": links["review_comment"],
        "comments_url": links["comments"],
        "statuses_url": links["statuses"],
        "number": record.number,
        "state": record.state,
        "locked": record.locked,
        "title": record.title,
        "user": user(state, record.author),
        "body": record.body or None,
        "labels": labels(state, record),
        "milestone": None,
        "active_lock_reason": None,
        "created_at": time(record.created_at),
        "updated_at": time(record.updated_at),
        "closed_at": optional_time(record.closed_at),
        "merged_at": optional_time(record.merged_at),
        "merge_commit_sha": record.merge_commit_sha,
        "assignee": None,
        "assignees": [],
        "requested_reviewers": [],
        "requested_teams": [],
        "head": _end(state, record.head_repository, record.head_ref, record.head_sha),
        "base": _end(state, record.repository, record.base_ref, record.base_sha),
        "_links": {name: {"href": href} for name, href in links.items()},
        "author_association": association(record.repository, record.author),
        "auto_merge": None,
        "draft": record.draft,
    }


def labels(state: State, record: PullRequest) -> list[dict[str, Any]]:
    """Return the labels of a pull request."""
    base = api(state, f"/repos/{record.repository.full_name}/labels")
    return [
        {
            "id": it.id,
            "node_id": node_id("LA", it.id),
            "url": f"{base}/{quote(it.name)}",
            "name": it.name,
            "description": it.description,
            "color": it.color,
            "default": False,
        }
        for it in record.labels
    ]


def pull(state: State, record: PullRequest) -> dict[str, Any]:
    """Return a whole pull request."""
    git = record.repository.git
    rows = git.diff(git.merge_base(record.base_sha, record.head_sha), record.head_sha)
    is_open = record.state == "open"
    mergeable = git.merge_tree(record.base_sha, record.head_sha) is not None if is_open else None
    ready = {True: "clean", False: "dirty", None: "unknown"}[mergeable]
    return simple_pull(state, record) | {
        "merged": record.merged_at is not None,
        "mergeable": mergeable,
        "rebaseable": mergeable,
        "mergeable_state": "draft" if record.draft and mergeable else ready,
        "merged_by": user(state, record.merged_by) if record.merged_by else None,
        "comments": len(record.comments),
        "review_comments": len(record.review_comments),
        "maintainer_can_modify": record.maintainer_can_modify,
        "commits": len(git.commits(record.base_sha, record.head_sha)),
        "additions": sum(row.additions for row in rows),
        "deletions": sum(row.deletions for row in rows),
        "changed_files": len(rows),
    }


def minimal_pull(state: State, record: PullRequest) -> dict[str, Any]:
    """Return a pull request as check runs show it."""
    return {
        "id": record.id,
        "number": record.number,
        "url": api(state, f"/repos/{record.repository.full_name}/pulls/{record.number}"),
        "head": {
            "ref": record.head_ref,
            "sha": record.head_sha,
            "repo": reference(state, record.head_repository),
        },
        "base": {
            "ref": record.base_ref,
            "sha": record.base_sha,
            "repo": reference(state, record.repository),
        },
    }


def issue(state: State, record: PullRequest) -> dict[str, Any]:
    """Return a pull request as the issue that `issue_comment` webhooks speak of."""
    repo = api(state, f"/repos/{record.repository.full_name}")
    url, html = f"{repo}/issues/{record.number}", pull_page(state, record)
    return {
        "url": url,
        "repository_url": repo,
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "timeline_url": f"{url}/timeline",
        "html_url": html,
        "id": record.issue_id,
        "node_id": node_id("PR", record.id),
        "number": record.number,
        "title": record.title,
        "user": user(state, record.author),
        "labels": labels(state, record),
        "state": record.state,
        "state_reason": None,
        "locked": record.locked,
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "comments": len(record.comments),
        "created_at": time(record.created_at),
        "updated_at": time(record.updated_at),
        "closed_at": optional_time(record.closed_at),
        "author_association": association(record.repository, record.author),
        "active_lock_reason": None,
        "draft": record.draft,
        "pull_request": {
            "url": f"{repo}/pulls/{record.number}",
            "html_url": html,
            "diff_url": f"{html}.diff",
            "patch_url": f"{html}.patch",
            "merged_at": optional_time(record.merged_at),
        },
        "body": record.body or None,
        "reactions": rollup(f"{url}/reactions", []),
        "performed_via_github_app": None,
    }
