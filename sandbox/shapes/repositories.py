"""Repositories, their permissions, branches and refs."""

from typing import Any

from sandbox.shapes.accounts import user
from sandbox.shapes.basics import api, node_id, time
from sandbox.state import Repository, State, User

_LINKS = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}


def repository(state: State, record: Repository) -> dict[str, Any]:
    """Return a repository as the API and the webhooks show it."""
    url = api(state, f"/repos/{record.full_name}")
    page = f"{state.url}/{record.full_name}"
    host = state.url.partition("://")[2]
    forks = sum(other.parent is record for other in state.repositories.values())
    opened = sum(pull.state == "open" for pull in record.pulls.values())
    return {
        "id": record.id,
        "node_id": node_id("R", record.id),
        "name": record.name,
        "full_name": record.full_name,
        "private": record.private,
        "owner": user(state, record.owner),
        "html_url": page,
        "description": None,
        "fork": record.parent is not None,
        "url": url,
        **{name: url + rest for name, rest in _LINKS.items()},
        "git_url": f"git://{host}/{record.full_name}.git",
        "ssh_url": f"git@{host}:{record.full_name}.git",
        "clone_url": f"{page}.git",
        "svn_url": page,
        "mirror_url": None,
        "homepage": None,
        "language": "Python",
        "size": 1,
        "default_branch": record.default_branch,
        "has_issues": True,
        "has_projects": False,
        "has_wiki": False,
        "has_pages": False,
        "has_downloads": True,
        "has_discussions": False,
        "archived": record.archived,
        "disabled": False,
        "is_template": False,
        "topics": [],
        "visibility": "private" if record.private else "public",
        "license": None,
        "allow_forking": True,
        "web_commit_signoff_required": False,
        "custom_properties": {},
        "forks": forks,
        "forks_count": forks,
        "open_issues": opened,
        "open_issues_count": opened,
        "stargazers_count": 0,
        "watchers": 0,
        "watchers_count": 0,
        "created_at": time(record.created_at),
        "updated_at": time(record.pushed_at),
        "pushed_at": time(record.pushed_at),
    }


def full_repository(state: State, record: Repository) -> dict[str, Any]:
    """Return what `GET /repos/{owner}/{repo}` shows."""
    shape = repository(state, record) | {"subscribers_count": 0, "network_count": 0}
    if record.parent:
        parent = repository(state, record.parent)
        shape |= {"parent": parent, "source": parent}
    return shape


def reference(state: State, record: Repository) -> dict[str, Any]:
    """Return the few fields that a check run's pull requests show of a repository."""
    url = api(state, f"/repos/{record.full_name}")
    return {"id": record.id, "url": url, "name": record.name}


def listed(record: Repository) -> dict[str, Any]:
    """Return the few fields that installation webhooks show of a repository."""
    return {
        "id": record.id,
        "node_id": node_id("R", record.id),
        "name": record.name,
        "full_name": record.full_name,
        "private": record.private,
    }


def permission(state: State, record: Repository, who: User) -> dict[str, Any]:
    """Return a user's permission; the legacy field knows no triage and no maintain."""
    role = record.role(who)
    legacy = {"triage": "read", "maintain": "write"}.get(role, role)
    allowed = {
        "pull": record.allows(who, "read"),
        "triage": record.allows(who, "triage"),
        "push": record.allows(who, "write"),
        "maintain": record.allows(who, "maintain"),
        "admin": record.allows(who, "admin"),
    }
    person = user(state, who) | {"permissions": allowed, "role_name": role}
    return {"permission": legacy, "role_name": role, "user": person}


def git_ref(state: State, record: Repository, ref: str, sha: str) -> dict[str, Any]:
    """Return a ref; `ref` is its full name."""
    url = api(state, f"/repos/{record.full_name}/git")
    return {
        "ref": ref,
        "node_id": node_id("REF", f"{record.id}:{ref}"),
        "url": f"{url}/{ref}",
        "object": {"type": "commit", "sha": sha, "url": f"{url}/commits/{sha}"},
    }
