"""Files and directories at a path."""

import base64
import binascii
from typing import Any

from sandbox.actions.files import check_workflows, commit_files
from sandbox.errors import Refused, malformed, not_found
from sandbox.git import GitError, Identity
from sandbox.rest.routing import Answer, Call, Routes
from sandbox.shapes import commits as shapes
from sandbox.state import Repository

routes = Routes()
_PATH = "/repos/{owner}/{repo}/contents/{path}"


@routes.add("GET", _PATH, "contents:read")
def get(call: Call) -> Any:
    """Return a file with its content, or list a directory."""
    repository, path = call.repository(), call.parameters["path"].strip("/")
    ref = call.query.get("ref") or repository.default_branch
    try:
        sha = repository.git.resolve(ref)
    except GitError:
        raise Refused(404, f"No commit found for the ref {ref}") from None
    try:
        entry = repository.git.entry(sha, path) if path else None
        if entry and entry.type != "tree":
            return _file(call, repository, ref, path, entry.sha)
        return [
            _shape(call, repository, ref, f"{path}/{it.path}".lstrip("/"))
            for it in repository.git.tree(sha, path)
        ]
    except GitError:
        raise not_found() from None


def _shape(call: Call, repository: Repository, ref: str, path: str) -> dict[str, Any]:
    entry = repository.git.entry(ref, path)
    return shapes.content(call.state, repository, ref, path, entry)


def _file(call: Call, repository: Repository, ref: str, path: str, sha: str) -> Any:
    data = repository.git.blob(sha)
    if "raw" in call.accept:
        return Answer(200, data, {"Content-Type": "application/vnd.github.raw+json"})
    shape = _shape(call, repository, ref, path) | {"type": "file"}
    return shape | {"encoding": "base64", "content": shapes.wrapped(data)}


@routes.add("PUT", _PATH, "contents:write")
def put(call: Call) -> Any:
    """Create a file, or change it where `sha` is what it is now."""
    repository, path = call.repository(), call.parameters["path"].strip("/")
    try:
        data = base64.b64decode(call.text("content"), validate=False)
    except (binascii.Error, ValueError):
        raise Refused(422, "content is not valid Base64") from None
    return _write(call, repository, path, data)


@routes.add("DELETE", _PATH, "contents:write")
def delete(call: Call) -> Any:
    """Delete a file where `sha` is what it is now."""
    return _write(call, call.repository(), call.parameters["path"].strip("/"), None)


def _write(call: Call, repository: Repository, path: str, data: bytes | None) -> Any:
    branch = call.text("branch", repository.default_branch)
    head = repository.git.ref(f"refs/heads/{branch}")
    if not head:
        raise Refused(404, f"Branch {branch} not found")
    try:
        present = repository.git.entry(head, path).sha
    except GitError:
        present = None
    if present and "sha" not in call.body:
        raise malformed('"sha" wasn\'t supplied.')
    if call.body.get("sha") != present:
        raise Refused(409, f"{path} does not match {call.body.get('sha')}")
    check_workflows([path], call.actor.token.permissions if call.actor.token else {})
    bot = call.user
    sha = commit_files(
        call.service,
        repository,
        branch,
        {path: data},
        call.text("message"),
        by=bot,
        author=Identity(bot.login, bot.email),
        expected=head,
    )
    commit = shapes.git_commit(call.state, repository, repository.git.commit(sha))
    shape = _shape(call, repository, branch, path) if data is not None else None
    body = {"content": shape, "commit": commit}
    return Answer(200 if present else 201, body)
