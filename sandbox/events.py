"""Tell the Apps what happened: which of them hear of it, and in which words."""

from collections.abc import Callable
from typing import Any

from sandbox.git import Git
from sandbox.service import Service
from sandbox.shapes import accounts, checks, discussion, pulls, repositories
from sandbox.shapes.basics import api, node_id, time
from sandbox.shapes.commits import pushed_commit
from sandbox.state import (
    App,
    CheckRun,
    Installation,
    IssueComment,
    PullRequest,
    Repository,
    State,
    User,
)

ZERO = "0" * 40


def _organization(state: State, account: User) -> dict[str, Any]:
    url = api(state, f"/orgs/{account.login}")
    return {
        "login": account.login,
        "id": account.id,
        "node_id": node_id("O", account.id),
        "url": url,
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events",
        "hooks_url": f"{url}/hooks",
        "issues_url": f"{url}/issues",
        "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": f"{state.url}/avatars/u/{account.id}",
        "description": None,
    }


def _emit(
    service: Service,
    repository: Repository,
    event: str,
    payload: Callable[[], dict[str, Any]],
    sender: User,
    *,
    only: App | None = None,
) -> None:
    state = service.state
    hearers = [
        installation
        for installation in state.installations.values()
        if (installation.app is only if only else event in installation.app.events)
        and not (installation.deleted or installation.suspended_at)
        and repository in installation.repositories
    ]
    if not hearers:
        return
    whole = payload() | {"repository": repositories.repository(state, repository)}
    if repository.owner.type == "Organization":
        whole["organization"] = _organization(state, repository.owner)
    whole["sender"] = accounts.user(state, sender)
    for installation in hearers:
        lite = {"id": installation.id, "node_id": node_id("I", installation.id)}
        service.webhooks.send(
            installation.app,
            event,
            whole | {"installation": lite},
            installation_id=installation.id,
            repository_id=repository.id,
        )


def pull_request(
    service: Service, pull: PullRequest, action: str, sender: User, **more: Any
) -> None:
    """Send `pull_request` with this action; `more` holds what the action adds."""
    _emit(
        service,
        pull.repository,
        "pull_request",
        lambda: {
            "action": action,
            "number": pull.number,
            "pull_request": pulls.pull(service.state, pull),
            **more,
        },
        sender,
    )


def issue_comment(
    service: Service, comment: IssueComment, action: str, sender: User, **more: Any
) -> None:
    """Send `issue_comment` with this action."""
    _emit(
        service,
        comment.pull.repository,
        "issue_comment",
        lambda: {
            "action": action,
            "issue": pulls.issue(service.state, comment.pull),
            "comment": discussion.issue_comment(service.state, comment),
            **more,
        },
        sender,
    )


def requested_action(service: Service, run: CheckRun, identifier: str, sender: User) -> None:
    """Send `check_run` to the App whose button was pressed, subscribed or not."""
    _emit(
        service,
        run.repository,
        "check_run",
        lambda: {
            "action": "requested_action",
            "requested_action": {"identifier": identifier},
            "check_run": checks.webhook_check_run(service.state, run),
        },
        sender,
        only=run.app,
    )


def checks_requested(
    service: Service, repository: Repository, refs: tuple[str, str], move: tuple[str, str], by: User
) -> None:
    """Send `merge_group` about the (base, head) of a merge queue, their whole refs and SHAs."""
    git: Git = repository.git
    commit = git.commit(move[1])

    def payload() -> dict[str, Any]:
        shape = pushed_commit(service.state, repository, commit, git)
        kept = ("id", "tree_id", "message", "timestamp", "author", "committer")
        return {
            "action": "checks_requested",
            "merge_group": {
                "head_sha": move[1],
                "head_ref": refs[1],
                "base_sha": move[0],
                "base_ref": refs[0],
                "head_commit": {name: shape[name] for name in kept},
            },
        }

    _emit(service, repository, "merge_group", payload, by)


def repository(
    service: Service, record: Repository, action: str, sender: User, **more: Any
) -> None:
    """Send `repository` with this action; `more` holds what the action adds."""
    _emit(service, record, "repository", lambda: {"action": action, **more}, sender)


def push(
    service: Service, repository: Repository, ref: str, move: tuple[str, str], sender: User
) -> None:
    """Send `push` about a ref that moved from one SHA to another; forty zeros mean none."""
    _emit(
        service, repository, "push", lambda: _push(service, repository, ref, move, sender), sender
    )


def _push(
    service: Service, repository: Repository, ref: str, move: tuple[str, str], sender: User
) -> dict[str, Any]:
    before, after = move
    git: Git = repository.git
    commits = git.commits(before, after) if ZERO not in move else []
    head = git.commit(after) if after != ZERO else None
    shapes = [pushed_commit(service.state, repository, it, git) for it in commits]
    return {
        "ref": ref,
        "before": before,
        "after": after,
        "created": before == ZERO,
        "deleted": after == ZERO,
        "forced": ZERO not in move and not git.is_ancestor(before, after),
        "base_ref": None,
        "compare": f"{service.state.url}/{repository.full_name}/compare/"
        f"{before[:12]}...{after[:12]}",
        "commits": shapes,
        "head_commit": pushed_commit(service.state, repository, head, git) if head else None,
        "pusher": {"name": sender.login, "email": sender.email},
    }


def installation(
    service: Service, record: Installation, action: str, sender: User, **more: Any
) -> None:
    """Send `installation`; every App hears of its own, whatever it subscribed to."""
    payload = {
        "action": action,
        "installation": accounts.installation(service.state, record),
        "repositories": [repositories.listed(r) for r in record.repositories],
        **more,
        "sender": accounts.user(service.state, sender),
    }
    service.webhooks.send(record.app, "installation", payload, installation_id=record.id)


def installation_repositories(
    service: Service,
    record: Installation,
    sender: User,
    *,
    added: list[Repository],
    removed: list[Repository],
) -> None:
    """Send `installation_repositories`."""
    payload = {
        "action": "added" if added else "removed",
        "installation": accounts.installation(service.state, record),
        "repository_selection": "selected",
        "repositories_added": [repositories.listed(r) for r in added],
        "repositories_removed": [repositories.listed(r) for r in removed],
        "requester": None,
        "sender": accounts.user(service.state, sender),
    }
    service.webhooks.send(
        record.app, "installation_repositories", payload, installation_id=record.id
    )


def ping(service: Service, app: App) -> None:
    """Send the `ping` that follows an App's registration."""
    url = api(service.state, "/app/hook")
    config = {"url": app.webhook_url, "content_type": "json", "insecure_ssl": "0"}
    hook = {
        "type": "App",
        "id": app.id,
        "name": "web",
        "active": True,
        "app_id": app.id,
        "events": list(app.events),
        "config": config | {"secret": "********"},
        "created_at": time(app.created_at),
        "updated_at": time(app.created_at),
        "url": f"{url}/config",
        "ping_url": f"{url}/pings",
        "deliveries_url": f"{url}/deliveries",
    }
    zen = "Keep it logically awesome."
    service.webhooks.send(app, "ping", {"zen": zen, "hook_id": app.id, "hook": hook})
