"""Accounts, repositories, refs, and git's objects."""

from typing import Any

from sandbox.diff import FileDiff
from sandbox.git import Commit, GitError, TreeEntry
from sandbox.graphql.view import Node, View, connection
from sandbox.shapes.basics import node_id, optional_time, time
from sandbox.state import App, CheckRun, Repository, User

TEXT_LIMIT = 512_000  # bytes of a blob's text
_BINARY_LOOK = 8000  # bytes in which git looks for a NUL


def account(view: View, record: User) -> Node:
    """Return a user, organization or bot; a bot's login has no "[bot]" here."""
    login = record.login.removesuffix("[bot]")
    return {
        "__typename": record.type,
        "avatarUrl": lambda _, **__: f"{view.state.url}/avatars/u/{record.id}",
        "databaseId": record.id,
        "id": node_id(record.type[0], record.id),
        "login": login,
        "name": record.name,
        "url": f"{view.state.url}/{login}",
    }


def app(record: App) -> Node:
    """Return an App."""
    return {
        "databaseId": record.id,
        "id": node_id("A", record.id),
        "name": record.name,
        "slug": record.slug,
    }


def ref(view: View, repository: Repository, name: str) -> Node | None:
    """Return a ref by its whole name or a branch by its short one."""
    refs = repository.git.refs("refs")
    full = name if name.startswith("refs/") else f"refs/heads/{name}"
    if full not in refs:
        return None
    prefix, _, short = full.rpartition("/")
    if full.startswith("refs/heads/"):
        prefix, short = "refs/heads", full.removeprefix("refs/heads/")
    return {
        "id": node_id("REF", f"{repository.id}:{full}"),
        "name": short,
        "prefix": f"{prefix}/",
        "repository": lambda _: repository_node(view, repository),
        "target": lambda _: git_object(view, repository, refs[full]),
    }


def repository_node(view: View, record: Repository) -> Node:
    """Return a repository."""
    from sandbox.graphql.discussion import pull_of, pulls_of  # noqa: PLC0415 -- each shows the other

    def found(_: Any, oid: str | None = None, expression: str | None = None) -> Node | None:
        return git_object(view, record, oid or expression or "HEAD")

    return {
        "databaseId": record.id,
        "defaultBranchRef": lambda _: ref(view, record, record.default_branch),
        "id": node_id("R", record.id),
        "isFork": record.parent is not None,
        "isPrivate": record.private,
        "name": record.name,
        "nameWithOwner": record.full_name,
        "object": view.guarded(record, "contents:read", lambda **a: found(None, **a)),
        "owner": lambda _: account(view, record.owner),
        "parent": lambda _: repository_node(view, record.parent) if record.parent else None,
        "pullRequest": view.guarded(
            record, "pull_requests:read", lambda number: pull_of(view, record, number)
        ),
        "pullRequests": view.guarded(
            record, "pull_requests:read", lambda **a: pulls_of(view, record, a)
        ),
        "ref": view.guarded(
            record,
            "contents:read",
            lambda qualifiedName: ref(view, record, qualifiedName),  # noqa: N803 -- GitHub's name
        ),
        "url": f"{view.state.url}/{record.full_name}",
    }


def git_object(view: View, repository: Repository, expression: str) -> Node | None:
    """Return the object of a SHA or an expression such as "main:app.py", None for nothing."""
    try:
        sha, kind, data = repository.git.object(expression)
    except GitError:
        return None
    shared: Node = {
        "__typename": kind.capitalize(),
        "abbreviatedOid": sha[:7],
        "id": node_id(kind[0].upper(), f"{repository.id}:{sha}"),
        "oid": sha,
        "repository": lambda _: repository_node(view, repository),
    }
    if kind == "blob":
        return shared | _blob(data)
    if kind == "commit":
        return commit_node(view, repository, repository.git.commit(sha))
    if kind == "tree":
        entries = repository.git.tree(sha)
        return shared | {"entries": lambda _: [_entry(view, repository, it) for it in entries]}
    return shared


def _blob(data: bytes) -> Node:
    binary = b"\0" in data[:_BINARY_LOOK]
    shown = data[:TEXT_LIMIT]
    # A character that the limit cuts in two is left out, one that is no UTF-8 is replaced.
    cut = len(data) > TEXT_LIMIT
    text = (
        shown.decode(errors="replace").rstrip("\ufffd") if cut else shown.decode(errors="replace")
    )
    return {
        "byteSize": len(data),
        "isBinary": binary,
        "isTruncated": cut and not binary,
        "text": None if binary else text,
    }


def _entry(view: View, repository: Repository, it: TreeEntry) -> Node:
    return {
        "mode": int(it.mode, 8),
        "name": it.path,
        "object": lambda _: git_object(view, repository, it.sha),
        "oid": it.sha,
        "path": it.path,
        "size": it.size or 0,
        "type": it.type,
    }


def commit_node(view: View, repository: Repository, it: Commit) -> Node:
    """Return a commit."""
    git, url = repository.git, f"{view.state.url}/{repository.full_name}"

    def rows() -> tuple[FileDiff, ...]:
        return git.diff(it.parents[0], it.sha) if it.parents else ()

    headline, _, body = it.message.partition("\n")
    verified = it.sha in view.state.verified

    def person(name: str, email: str, at: str) -> Node:
        users = view.state.users.values()
        known = next((u for u in users if u.email == email and u.type == "User"), None)
        user = account(view, known) if known else None
        return {"name": name, "email": email, "date": at, "user": user}

    return {
        "__typename": "Commit",
        "abbreviatedOid": it.sha[:7],
        "additions": lambda _: sum(row.additions for row in rows()),
        "author": person(it.author.name, it.author.email, it.authored_at.isoformat()),
        "authoredDate": time(it.authored_at),
        "changedFilesIfAvailable": lambda _: len(rows()),
        "checkSuites": view.guarded(
            repository, "checks:read", lambda **a: _suites(view, repository, it.sha)(None, **a)
        ),
        "committedDate": time(it.committed_at),
        "committer": person(it.committer.name, it.committer.email, it.committed_at.isoformat()),
        "deletions": lambda _: sum(row.deletions for row in rows()),
        "id": node_id("C", f"{repository.id}:{it.sha}"),
        "message": it.message,
        "messageBody": body.lstrip("\n"),
        "messageHeadline": headline,
        "oid": it.sha,
        "parents": connection(
            "parents",
            lambda _: [git.commit(sha) for sha in it.parents],
            lambda parent: commit_node(view, repository, parent),
        ),
        "repository": lambda _: repository_node(view, repository),
        "signature": _signature(it) if verified else None,
        "tree": lambda _: git_object(view, repository, it.tree),
        "url": f"{url}/commit/{it.sha}",
    }


def _signature(it: Commit) -> Node:
    return {
        "__typename": "GpgSignature",
        "email": it.committer.email,
        "isValid": True,
        "wasSignedByGitHub": True,
    }


def _suites(view: View, repository: Repository, sha: str) -> Any:
    def items(arguments: Any) -> list[list[CheckRun]]:
        wanted = arguments.get("filterBy") or {}
        suites: dict[int, list[CheckRun]] = {}
        for run in repository.check_runs:
            if run.head_sha == sha and wanted.get("appId") in {None, run.app.id}:
                suites.setdefault(run.suite_id, []).append(run)
        name = wanted.get("checkName")
        return [s for s in suites.values() if name is None or name in {run.name for run in s}]

    return connection("checkSuites", items, lambda runs: _suite(view, runs))


def _suite(view: View, runs: list[CheckRun]) -> Node:
    def items(arguments: Any) -> list[CheckRun]:
        wanted = arguments.get("filterBy") or {}
        found = [
            run
            for run in runs
            if wanted.get("checkName") in {None, run.name}
            and wanted.get("status") in {None, run.status.upper()}
        ]
        if wanted.get("checkType", "LATEST") == "LATEST":
            found = list({run.name: run for run in found}.values())
        return found

    return {
        "app": app(runs[0].app),
        "checkRuns": connection("checkRuns", items, lambda run: _check_run(view, run, runs)),
        "databaseId": runs[0].suite_id,
        "id": node_id("CS", runs[0].suite_id),
    }


def _check_run(view: View, run: CheckRun, suite: list[CheckRun]) -> Node:
    return {
        "checkSuite": lambda _: _suite(view, suite),
        "completedAt": optional_time(run.completed_at),
        "conclusion": run.conclusion.upper() if run.conclusion else None,
        "databaseId": run.id,
        "detailsUrl": run.details_url,
        "externalId": run.external_id or None,
        "id": node_id("CR", run.id),
        "name": run.name,
        "startedAt": time(run.started_at),
        "status": run.status.upper(),
        "summary": run.summary,
        "text": run.text,
        "title": run.title,
    }
