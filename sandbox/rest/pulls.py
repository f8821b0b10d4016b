"""Pull requests, their files and commits."""

from typing import Any

from sandbox.actions import pulls as actions
from sandbox.errors import Refused, invalid, malformed
from sandbox.fields import check_types
from sandbox.rest.routing import Answer, Call, Routes
from sandbox.shapes import commits as commit_shapes
from sandbox.shapes.pulls import pull, simple_pull
from sandbox.state import PullRequest, Repository

routes = Routes()
_PULLS = "/repos/{owner}/{repo}/pulls"
FILES_LIMIT = 3000
COMMITS_LIMIT = 250


@routes.add("GET", _PULLS, "pull_requests:read")
def list_pulls(call: Call) -> Any:
    """List pull requests, newest first, by default the open ones."""
    repository, query = call.repository(), call.query
    wanted = query.get("state", "open")
    found = [
        it
        for it in reversed(repository.pulls.values())
        if wanted in {"all", it.state}
        and query.get("base", it.base_ref) == it.base_ref
        and query.get("head", _label(it)) == _label(it)
    ]
    if query.get("direction") == "asc":
        found.reverse()
    return [simple_pull(call.state, it) for it in call.page(found)]


def _label(it: PullRequest) -> str:
    return f"{it.head_repository.owner.login}:{it.head_ref}"


@routes.add("POST", _PULLS, "pull_requests:write")
def create(call: Call) -> Any:
    """Open a pull request; `head` is a branch here or "owner:branch"."""
    repository = call.repository()
    owner, colon, branch = call.text("head").partition(":")
    head = (_network(call, repository, owner), branch) if colon else (repository, owner)
    record = actions.open_pull(
        call.service,
        repository,
        by=call.user,
        head=head,
        base=call.text("base"),
        title=call.text("title"),
        body=call.text("body", ""),
        draft=bool(call.body.get("draft")),
        maintainer_can_modify=bool(call.body.get("maintainer_can_modify", True)),
    )
    return Answer(201, pull(call.state, record))


def _network(call: Call, repository: Repository, owner: str) -> Repository:
    for it in call.state.repositories.values():
        if it.owner.login.lower() == owner.lower() and repository in {it, it.parent}:
            return it
    raise invalid("PullRequest", "head", "invalid")


@routes.add("GET", f"{_PULLS}/{{pull_number}}", "pull_requests:read")
def get(call: Call) -> Any:
    """Return a pull request."""
    return pull(call.state, call.pull())


@routes.add("PATCH", f"{_PULLS}/{{pull_number}}", "pull_requests:write")
def update(call: Call) -> Any:
    """Change title, body, base or state."""
    record, by = call.pull(), call.user
    check_types(call.body, title=str, body=str, base=str, state=str)
    state = call.body.get("state", record.state)
    if state not in {"open", "closed"}:
        raise malformed(f"{state!r} is not a member of ['open', 'closed'].")
    actions.edit(
        call.service,
        record,
        by=by,
        title=call.body.get("title"),
        body=call.body.get("body"),
        base=call.body.get("base"),
    )
    change = actions.close if state == "closed" else actions.reopen
    change(call.service, record, by=by)
    return pull(call.state, record)


@routes.add("PUT", f"{_PULLS}/{{pull_number}}/merge", "contents:write")
def merge(call: Call) -> Any:
    """Merge it, if its head is still `sha` where that is given."""
    record = call.pull()
    if call.body.get("sha", record.head_sha) != record.head_sha:
        raise Refused(409, "Head branch was modified. Review and try the merge again.")
    sha = actions.merge(call.service, record, by=call.user)
    return {"sha": sha, "merged": True, "message": "Pull Request successfully merged"}


@routes.add("GET", f"{_PULLS}/{{pull_number}}/files", "pull_requests:read")
def list_files(call: Call) -> Any:
    """List the changed files, at most 3,000."""
    record = call.pull()
    git, repository = record.repository.git, record.repository
    rows = git.diff(git.merge_base(record.base_sha, record.head_sha), record.head_sha)
    return [
        commit_shapes.file(call.state, repository, record.head_sha, row)
        for row in call.page(rows[:FILES_LIMIT])
    ]


@routes.add("GET", f"{_PULLS}/{{pull_number}}/commits", "pull_requests:read")
def list_commits(call: Call) -> Any:
    """List the commits, at most 250."""
    record = call.pull()
    found = record.repository.git.commits(record.base_sha, record.head_sha)[:COMMITS_LIMIT]
    return [commit_shapes.commit(call.state, record.repository, it) for it in call.page(found)]
