"""Comments, reviews, review comments and reactions."""

from collections import Counter
from typing import Any

from sandbox.shapes.accounts import app, user
from sandbox.shapes.basics import api, node_id, pull_page, time
from sandbox.state import (
    IssueComment,
    Reaction,
    Repository,
    Review,
    ReviewComment,
    State,
    User,
)
from sandbox.state.discussion import REACTIONS


def association(repository: Repository, who: User) -> str:
    """Return the author association of a user."""
    if who is repository.owner:
        return "OWNER"
    if who.login in repository.collaborators:
        return "MEMBER" if repository.owner.type == "Organization" else "COLLABORATOR"
    return "NONE"


def rollup(url: str, reactions: list[Reaction]) -> dict[str, Any]:
    """Count the reactions by their content."""
    counts = Counter(reaction.content for reaction in reactions)
    return {
        "url": url,
        "total_count": len(reactions),
        **{content: counts[content] for content in REACTIONS},
    }


def reaction(state: State, record: Reaction) -> dict[str, Any]:
    """Return a reaction."""
    return {
        "id": record.id,
        "node_id": node_id("REA", record.id),
        "user": user(state, record.user),
        "content": record.content,
        "created_at": time(record.created_at),
    }


def issue_comment(state: State, record: IssueComment) -> dict[str, Any]:
    """Return a comment of the conversation."""
    repo = record.pull.repository
    base = api(state, f"/repos/{repo.full_name}/issues")
    url = f"{base}/comments/{record.id}"
    return {
        "url": url,
        "html_url": f"{pull_page(state, record.pull)}#issuecomment-{record.id}",
        "issue_url": f"{base}/{record.pull.number}",
        "id": record.id,
        "node_id": node_id("IC", record.id),
        "user": user(state, record.author),
        "created_at": time(record.created_at),
        "updated_at": time(record.updated_at),
        "author_association": association(repo, record.author),
        "body": record.body,
        "reactions": rollup(f"{url}/reactions", record.reactions),
        "performed_via_github_app": app(state, record.app) if record.app else None,
    }


def review(state: State, record: Review) -> dict[str, Any]:
    """Return a review."""
    repo = record.pull.repository
    url = api(state, f"/repos/{repo.full_name}/pulls/{record.pull.number}")
    html = f"{pull_page(state, record.pull)}#pullrequestreview-{record.id}"
    shape = {
        "id": record.id,
        "node_id": node_id("PRR", record.id),
        "user": user(state, record.author),
        "body": record.body,
        "state": record.state,
        "html_url": html,
        "pull_request_url": url,
        "author_association": association(repo, record.author),
        "_links": {"html": {"href": html}, "pull_request": {"href": url}},
        "commit_id": record.commit_id,
    }
    if record.submitted_at:
        shape["submitted_at"] = time(record.submitted_at)
    return shape


def review_comment(state: State, record: ReviewComment) -> dict[str, Any]:
    """Return a review comment; `line` and `position` are null once it is outdated."""
    repo = record.pull.repository
    base = api(state, f"/repos/{repo.full_name}/pulls")
    url, pull = f"{base}/comments/{record.id}", f"{base}/{record.pull.number}"
    html = f"{pull_page(state, record.pull)}#discussion_r{record.id}"
    shape = {
        "url": url,
        "pull_request_review_id": record.review.id,
        "id": record.id,
        "node_id": node_id("PRRC", record.id),
        "diff_hunk": record.diff_hunk,
        "path": record.path,
        "commit_id": record.commit_id,
        "original_commit_id": record.original_commit_id,
        "user": user(state, record.author),
        "body": record.body,
        "created_at": time(record.created_at),
        "updated_at": time(record.updated_at),
        "html_url": html,
        "pull_request_url": pull,
        "author_association": association(repo, record.author),
        "_links": {
            "self": {"href": url},
            "html": {"href": html},
            "pull_request": {"href": pull},
        },
        "reactions": rollup(f"{url}/reactions", record.reactions),
        "start_line": record.start_line,
        "original_start_line": record.original_start_line,
        "start_side": record.start_side,
        "line": record.line,
        "original_line": record.original_line,
        "side": record.side,
        "position": record.position,
        "original_position": record.original_position,
        "subject_type": "line",
    }
    if record.in_reply_to:
        shape["in_reply_to_id"] = record.in_reply_to.id
    return shape
