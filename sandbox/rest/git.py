"""Git's own objects: blobs, trees, commits and refs."""

import base64
import binascii
from typing import Any

from sandbox.actions.branches import move_branch
from sandbox.actions.files import check_workflows
from sandbox.actions.pulls import delete_branch
from sandbox.errors import Refused, malformed, not_found
from sandbox.fields import check_types
from sandbox.git import GitError, Identity
from sandbox.rest.routing import Answer, Call, Routes
from sandbox.shapes import commits as shapes
from sandbox.shapes.repositories import git_ref
from sandbox.state import Repository

routes = Routes()
_GIT = "/repos/{owner}/{repo}/git"


@routes.add("GET", f"{_GIT}/blobs/{{file_sha}}", "contents:read")
def get_blob(call: Call) -> Any:
    """Return a blob."""
    repository, sha = call.repository(), call.parameters["file_sha"]
    try:
        data = repository.git.blob(repository.git.resolve(sha, "blob"))
    except GitError:
        raise not_found() from None
    if "raw" in call.accept:
        return Answer(200, data, {"Content-Type": "application/vnd.github.raw+json"})
    return shapes.blob(call.state, repository, sha, data)


@routes.add("POST", f"{_GIT}/blobs", "contents:write")
def create_blob(call: Call) -> Any:
    """Store a blob."""
    repository, text = call.repository(), call.text("content")
    try:
        encoded = call.text("encoding", "utf-8") == "base64"
        data = base64.b64decode(text) if encoded else text.encode()
    except (binascii.Error, ValueError):
        raise Refused(422, "content is not valid Base64") from None
    sha = repository.git.write_blob(data)
    shape = shapes.blob(call.state, repository, sha, data)
    return Answer(201, {"sha": sha, "url": shape["url"]})


@routes.add("GET", f"{_GIT}/trees/{{tree_sha}}", "contents:read")
def get_tree(call: Call) -> Any:
    """Return a tree, everything below it with `recursive`."""
    repository = call.repository()
    try:
        sha = repository.git.resolve(call.parameters["tree_sha"], "tree")
    except GitError:
        raise not_found() from None
    entries = repository.git.tree(sha, recursive="recursive" in call.query)
    return shapes.tree(call.state, repository, sha, entries)


@routes.add("POST", f"{_GIT}/trees", "contents:write")
def create_tree(call: Call) -> Any:
    """Store a tree, on top of another one where asked."""
    repository = call.repository()
    check_types(call.body, tree=list, base_tree=str)
    rows = call.body.get("tree")
    if rows is None:
        raise malformed('"tree" wasn\'t supplied.')
    for row in rows:
        check_types(row, path=str, mode=str, type=str, sha=str, content=str)
    git = repository.git
    entries = []
    try:
        for row in rows:
            sha = git.write_blob(row["content"].encode()) if "content" in row else row["sha"]
            entries.append((row["mode"], row["path"], sha))
        base = call.body.get("base_tree")
        tree = git.write_tree(git.resolve(base, "tree") if base else None, entries)
    except (GitError, KeyError):
        raise Refused(422, "Invalid tree info") from None
    return Answer(201, shapes.tree(call.state, repository, tree, git.tree(tree)))


@routes.add("GET", f"{_GIT}/commits/{{commit_sha}}", "contents:read")
def get_commit(call: Call) -> Any:
    """Return a commit."""
    repository = call.repository()
    try:
        commit = repository.git.commit(repository.git.resolve(call.parameters["commit_sha"]))
    except GitError:
        raise not_found() from None
    return shapes.git_commit(call.state, repository, commit)


@routes.add("POST", f"{_GIT}/commits", "contents:write")
def create_commit(call: Call) -> Any:
    """Store a commit; one of the App's own name is signed by GitHub, as there."""
    repository, bot = call.repository(), call.user
    mine = Identity(bot.login, bot.email)
    check_types(call.body, author=dict, parents=list)
    given = call.body.get("author")
    check_types(given or {}, name=str, email=str)
    try:
        author = Identity(given["name"], given["email"]) if given else mine
        sha = repository.git.write_commit(
            repository.git.resolve(call.text("tree"), "tree"),
            [repository.git.resolve(str(it)) for it in call.body.get("parents") or []],
            call.text("message"),
            author=author,
            committer=author,
            at=call.state.now(),
        )
    except (GitError, KeyError):
        raise Refused(422, "Tree SHA, parent or author does not exist") from None
    if not given:
        call.state.verified.add(sha)
    commit = repository.git.commit(sha)
    return Answer(201, shapes.git_commit(call.state, repository, commit))


@routes.add("GET", f"{_GIT}/ref/{{ref}}", "contents:read")
def get_ref(call: Call) -> Any:
    """Return the ref of exactly this name, "heads/main"."""
    repository, ref = call.repository(), f"refs/{call.parameters['ref']}"
    sha = repository.git.ref(ref)
    if not sha:
        raise not_found()
    return git_ref(call.state, repository, ref, sha)


@routes.add("GET", f"{_GIT}/matching-refs/{{ref}}", "contents:read")
def list_matching_refs(call: Call) -> Any:
    """List the refs whose names begin so."""
    repository, prefix = call.repository(), f"refs/{call.parameters['ref']}"
    found = repository.git.refs("refs")
    return [
        git_ref(call.state, repository, ref, sha)
        for ref, sha in found.items()
        if ref.startswith(prefix)
    ]


def _commit(repository: Repository, call: Call) -> str:
    try:
        return repository.git.resolve(call.text("sha"))
    except GitError:
        raise Refused(422, "Object does not exist") from None


def _guard(call: Call, repository: Repository, old: str, new: str) -> None:
    paths = [row.path for row in repository.git.diff(old, new)]
    check_workflows(paths, call.actor.token.permissions if call.actor.token else {})


@routes.add("POST", f"{_GIT}/refs", "contents:write")
def create_ref(call: Call) -> Any:
    """Make a branch."""
    repository, ref = call.repository(), call.text("ref")
    if not ref.startswith("refs/heads/"):
        raise Refused(422, "Reference name must start with refs/heads/")
    sha = _commit(repository, call)
    if repository.git.ref(ref):
        raise Refused(422, "Reference already exists")
    _guard(call, repository, repository.default_branch, sha)
    branch = ref.removeprefix("refs/heads/")
    move_branch(call.service, repository, branch, sha, by=call.user)
    return Answer(201, git_ref(call.state, repository, ref, sha))


def _branch(call: Call, repository: Repository) -> tuple[str, str]:
    ref = f"refs/{call.parameters['ref']}"
    before = repository.git.ref(ref)
    if not before or not ref.startswith("refs/heads/"):
        raise Refused(422, "Reference does not exist")
    return ref.removeprefix("refs/heads/"), before


@routes.add("PATCH", f"{_GIT}/refs/{{ref}}", "contents:write")
def update_ref(call: Call) -> Any:
    """Move a branch, forward only unless `force` says otherwise."""
    repository = call.repository()
    branch, before = _branch(call, repository)
    sha = _commit(repository, call)
    if not call.body.get("force") and not repository.git.is_ancestor(before, sha):
        raise Refused(422, "Update is not a fast forward")
    _guard(call, repository, before, sha)
    move_branch(call.service, repository, branch, sha, by=call.user)
    return git_ref(call.state, repository, f"refs/heads/{branch}", sha)


@routes.add("DELETE", f"{_GIT}/refs/{{ref}}", "contents:write")
def delete_ref(call: Call) -> Any:
    """Delete a branch."""
    repository = call.repository()
    branch, _ = _branch(call, repository)
    delete_branch(call.service, repository, branch, by=call.user)
    return Answer(204)
