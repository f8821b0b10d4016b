"""Users, Apps and installations."""

from typing import Any

from sandbox.shapes.basics import api, node_id, optional_time, time
from sandbox.state import App, Installation, State, User

_LINKS = {
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "organizations_url": "/orgs",
    "repos_url": "/repos",
    "events_url": "/events{/privacy}",
    "received_events_url": "/received_events",
}


def user(state: State, record: User) -> dict[str, Any]:
    """Return a simple user."""
    url = api(state, f"/users/{record.login}")
    page = record.login.removesuffix("[bot]")
    return {
        "login": record.login,
        "id": record.id,
        "node_id": node_id(record.type[0], record.id),
        "avatar_url": f"{state.url}/avatars/u/{record.id}",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{state.url}/{'apps/' if record.type == 'Bot' else ''}{page}",
        **{name: url + rest for name, rest in _LINKS.items()},
        "type": record.type,
        "site_admin": False,
    }


def public_user(state: State, record: User) -> dict[str, Any]:
    """Return what `GET /users/{username}` shows."""
    owned = [r for r in state.repositories.values() if r.owner is record and not r.private]
    return user(state, record) | {
        "name": record.name,
        "user_view_type": "public",
        "company": None,
        "blog": "",
        "location": None,
        "email": None,
        "hireable": None,
        "bio": None,
        "public_repos": len(owned),
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": time(record.created_at),
        "updated_at": time(record.created_at),
    }


def app(state: State, record: App) -> dict[str, Any]:
    """Return an App ("integration")."""
    return {
        "id": record.id,
        "slug": record.slug,
        "node_id": node_id("A", record.id),
        "owner": user(state, record.owner),
        "name": record.name,
        "description": "",
        "external_url": f"{state.url}/apps/{record.slug}",
        "html_url": f"{state.url}/apps/{record.slug}",
        "created_at": time(record.created_at),
        "updated_at": time(record.created_at),
        "permissions": dict(record.permissions),
        "events": list(record.events),
    }


def installation(state: State, record: Installation) -> dict[str, Any]:
    """Return an installation."""
    url = api(state, f"/app/installations/{record.id}")
    return {
        "id": record.id,
        "account": user(state, record.account),
        "repository_selection": "selected",
        "access_tokens_url": f"{url}/access_tokens",
        "repositories_url": api(state, "/installation/repositories"),
        "html_url": f"{state.url}/settings/installations/{record.id}",
        "app_id": record.app.id,
        "app_slug": record.app.slug,
        "target_id": record.account.id,
        "target_type": record.account.type,
        "permissions": dict(record.permissions),
        "events": list(record.app.events),
        "created_at": time(record.created_at),
        "updated_at": time(record.created_at),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": user(state, record.suspended_by) if record.suspended_by else None,
        "suspended_at": optional_time(record.suspended_at),
    }
