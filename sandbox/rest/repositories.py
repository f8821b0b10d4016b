"""Repositories, branches, collaborators' permissions, commits and archives."""

from typing import Any
from urllib.parse import quote

from sandbox.errors import Refused, not_found
from sandbox.git import Commit, GitError
from sandbox.rest.routing import Answer, Call, Routes
from sandbox.shapes import commits as shapes
from sandbox.shapes.basics import api
from sandbox.shapes.repositories import full_repository, permission
from sandbox.state import Repository

routes = Routes()


@routes.add("GET", "/repos/{owner}/{repo}", "metadata:read")
def get(call: Call) -> Any:
    """Return a repository."""
    return full_repository(call.state, call.repository())


@routes.add("GET", "/repos/{owner}/{repo}/collaborators/{username}/permission", "metadata:read")
def get_permission(call: Call) -> Any:
    """Return what a user may do; only whoever has access to the repository may ask."""
    repository = call.repository()
    if not call.actor.covers(repository):
        raise Refused(403, "Resource not accessible by integration")
    try:
        return permission(call.state, repository, call.state.user(call.parameters["username"]))
    except LookupError:
        raise Refused(404, f"{call.parameters['username']} is not a user") from None


def _branches(repository: Repository) -> dict[str, str]:
    heads = repository.git.refs("refs/heads")
    return {ref.removeprefix("refs/heads/"): sha for ref, sha in heads.items()}


@routes.add("GET", "/repos/{owner}/{repo}/branches", "contents:read")
def list_branches(call: Call) -> Any:
    """List the branches by name."""
    repository = call.repository()
    url = api(call.state, f"/repos/{repository.full_name}")
    return [
        {
            "name": name,
            "commit": {"sha": sha, "url": f"{url}/commits/{sha}"},
            "protected": False,
        }
        for name, sha in call.page(sorted(_branches(repository).items()))
    ]


@routes.add("GET", "/repos/{owner}/{repo}/branches/{branch}", "contents:read")
def get_branch(call: Call) -> Any:
    """Return a branch with its head commit."""
    repository, name = call.repository(), call.parameters["branch"]
    sha = _branches(repository).get(name)
    if not sha:
        raise Refused(404, "Branch not found")
    url = api(call.state, f"/repos/{repository.full_name}/branches/{quote(name)}")
    page = f"{call.state.url}/{repository.full_name}/tree/{quote(name)}"
    checks = {"enforcement_level": "off", "contexts": [], "checks": []}
    return {
        "name": name,
        "commit": shapes.commit(call.state, repository, repository.git.commit(sha)),
        "_links": {"self": url, "html": page},
        "protected": False,
        "protection": {"enabled": False, "required_status_checks": checks},
        "protection_url": f"{url}/protection",
    }


def commit_at(repository: Repository, ref: str) -> Commit:
    """Return the commit that a branch, tag or SHA stands for; 422 where there is none."""
    try:
        return repository.git.commit(repository.git.resolve(ref))
    except GitError:
        raise Refused(422, f"No commit found for SHA: {ref}") from None


@routes.add("GET", "/repos/{owner}/{repo}/commits/{ref}", "contents:read")
def get_commit(call: Call) -> Any:
    """Return a commit with its files."""
    repository = call.repository()
    commit = commit_at(repository, call.parameters["ref"])
    rows = repository.git.diff(commit.parents[0], commit.sha) if commit.parents else ()
    added, removed = sum(row.additions for row in rows), sum(row.deletions for row in rows)
    return shapes.commit(call.state, repository, commit) | {
        "stats": {"additions": added, "deletions": removed, "total": added + removed},
        "files": [shapes.file(call.state, repository, commit.sha, row) for row in rows],
    }


@routes.add("GET", "/repos/{owner}/{repo}/compare/{basehead}", "contents:read")
def compare(call: Call) -> Any:
    """Compare two commits from where they parted."""
    repository = call.repository()
    base_name, dots, head_name = call.parameters["basehead"].partition("...")
    if not dots:
        raise not_found()
    git, state = repository.git, call.state
    try:
        base, head = git.resolve(base_name), git.resolve(head_name)
        parted = git.merge_base(base, head)
    except GitError:
        raise not_found() from None
    ahead, behind = git.commits(base, head), git.commits(head, base)
    status = {(False, False): "identical", (True, False): "ahead", (False, True): "behind"}
    url = api(state, f"/repos/{repository.full_name}/compare/{quote(base_name)}...")
    html = f"{state.url}/{repository.full_name}/compare/{quote(base_name)}...{quote(head_name)}"
    return {
        "url": url + quote(head_name),
        "html_url": html,
        "permalink_url": f"{state.url}/{repository.full_name}/compare/{base}...{head}",
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "base_commit": shapes.commit(state, repository, git.commit(base)),
        "merge_base_commit": shapes.commit(state, repository, git.commit(parted)),
        "status": status.get((bool(ahead), bool(behind)), "diverged"),
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "commits": [shapes.commit(state, repository, it) for it in call.page(ahead)],
        "files": [shapes.file(state, repository, head, row) for row in git.diff(parted, head)],
    }


@routes.add("GET", "/repos/{owner}/{repo}/tarball/{ref}", "contents:read")
def get_tarball(call: Call) -> Any:
    """Redirect to the archive's address, which needs no token."""
    repository = call.repository()
    try:
        sha = repository.git.resolve(call.parameters["ref"] or repository.default_branch)
    except GitError:
        raise not_found() from None
    path = f"/_codeload/{repository.full_name}/legacy.tar.gz/{sha}"
    query = f"?token={call.state.archive_key}" if repository.private else ""
    return Answer(302, None, {"Location": f"{call.state.url}{path}{query}"})
