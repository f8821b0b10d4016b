"""Commits, trees, blobs, files of a comparison and files at a path."""

import base64
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from sandbox.diff import FileDiff
from sandbox.git import Commit, Git, TreeEntry
from sandbox.shapes.accounts import user
from sandbox.shapes.basics import api, node_id, time
from sandbox.state import Repository, State


def _people(commit: Commit) -> dict[str, Any]:
    return {
        role: {"name": identity.name, "email": identity.email, "date": time(at)}
        for role, identity, at in (
            ("author", commit.author, commit.authored_at),
            ("committer", commit.committer, commit.committed_at),
        )
    }


def _verification(state: State, commit: Commit) -> dict[str, Any]:
    verified = commit.sha in state.verified
    return {
        "verified": verified,
        "reason": "valid" if verified else "unsigned",
        "signature": None,
        "payload": None,
        "verified_at": time(commit.committed_at) if verified else None,
    }


def _account(state: State, email: str) -> dict[str, Any] | None:
    found = next((u for u in state.users.values() if u.email == email), None)
    return user(state, found) if found else None


def _parents(state: State, record: Repository, commit: Commit, kind: str) -> list[dict[str, Any]]:
    url = api(state, f"/repos/{record.full_name}/{kind}")
    page = f"{state.url}/{record.full_name}/commit"
    return [
        {"sha": sha, "url": f"{url}/{sha}", "html_url": f"{page}/{sha}"} for sha in commit.parents
    ]


def git_commit(state: State, record: Repository, commit: Commit) -> dict[str, Any]:
    """Return a commit as `git/commits` shows it."""
    url = api(state, f"/repos/{record.full_name}/git")
    return {
        "sha": commit.sha,
        "node_id": node_id("C", f"{record.id}:{commit.sha}"),
        "url": f"{url}/commits/{commit.sha}",
        "html_url": f"{state.url}/{record.full_name}/commit/{commit.sha}",
        **_people(commit),
        "message": commit.message,
        "tree": {"sha": commit.tree, "url": f"{url}/trees/{commit.tree}"},
        "parents": _parents(state, record, commit, "git/commits"),
        "verification": _verification(state, commit),
    }


def commit(state: State, record: Repository, it: Commit) -> dict[str, Any]:
    """Return a commit as lists of commits show it."""
    url = api(state, f"/repos/{record.full_name}")
    return {
        "sha": it.sha,
        "node_id": node_id("C", f"{record.id}:{it.sha}"),
        "url": f"{url}/commits/{it.sha}",
        "html_url": f"{state.url}/{record.full_name}/commit/{it.sha}",
        "comments_url": f"{url}/commits/{it.sha}/comments",
        "commit": {
            "url": f"{url}/git/commits/{it.sha}",
            **_people(it),
            "message": it.message,
            "tree": {"sha": it.tree, "url": f"{url}/git/trees/{it.tree}"},
            "comment_count": 0,
            "verification": _verification(state, it),
        },
        "author": _account(state, it.author.email),
        "committer": _account(state, it.committer.email),
        "parents": _parents(state, record, it, "commits"),
    }


def pushed_commit(state: State, record: Repository, it: Commit, git: Git) -> dict[str, Any]:
    """Return a commit as `push` webhooks show it."""
    rows = git.diff(it.parents[0], it.sha) if it.parents else ()
    return {
        "id": it.sha,
        "tree_id": it.tree,
        "distinct": True,
        "message": it.message,
        "timestamp": it.committed_at.isoformat(),
        "url": f"{state.url}/{record.full_name}/commit/{it.sha}",
        "author": {"name": it.author.name, "email": it.author.email},
        "committer": {"name": it.committer.name, "email": it.committer.email},
        "added": [row.path for row in rows if row.status == "added"],
        "removed": [row.path for row in rows if row.status == "removed"],
        "modified": [row.path for row in rows if row.status not in {"added", "removed"}],
    }


def file(state: State, record: Repository, head: str, row: FileDiff) -> dict[str, Any]:
    """Return a row of `pulls/{number}/files`."""
    page, path = f"{state.url}/{record.full_name}", quote(row.path, errors="surrogateescape")
    shape = {
        "sha": row.sha,
        "filename": row.path,
        "status": row.status,
        "additions": row.additions,
        "deletions": row.deletions,
        "changes": row.additions + row.deletions,
        "blob_url": f"{page}/blob/{head}/{path}",
        "raw_url": f"{page}/raw/{head}/{path}",
        "contents_url": api(state, f"/repos/{record.full_name}/contents/{path}?ref={head}"),
    }
    if row.patch is not None:
        shape["patch"] = row.patch
    if row.previous_path:
        shape["previous_filename"] = row.previous_path
    return shape


def tree(state: State, record: Repository, sha: str, entries: list[TreeEntry]) -> dict[str, Any]:
    """Return a tree."""
    url = api(state, f"/repos/{record.full_name}/git")
    rows = []
    for entry in entries:
        row: dict[str, Any] = {
            "path": entry.path,
            "mode": entry.mode,
            "type": entry.type,
            "sha": entry.sha,
        }
        if entry.size is not None:
            row["size"] = entry.size
        if entry.type != "commit":
            row["url"] = f"{url}/{entry.type}s/{entry.sha}"
        rows.append(row)
    return {"sha": sha, "url": f"{url}/trees/{sha}", "tree": rows, "truncated": False}


def blob(state: State, record: Repository, sha: str, content: bytes) -> dict[str, Any]:
    """Return a blob, its content in base64 with a newline after each 60 characters."""
    return {
        "sha": sha,
        "node_id": node_id("B", f"{record.id}:{sha}"),
        "size": len(content),
        "url": api(state, f"/repos/{record.full_name}/git/blobs/{sha}"),
        "content": wrapped(content),
        "encoding": "base64",
    }


def wrapped(content: bytes) -> str:
    """Encode as GitHub does: base64, a newline after each 60 characters."""
    encoded = base64.b64encode(content).decode()
    return "".join(encoded[i : i + 60] + "\n" for i in range(0, len(encoded), 60))


def content(
    state: State, record: Repository, ref: str, path: str, entry: TreeEntry
) -> dict[str, Any]:
    """Return a file, directory, link or submodule at a path, without its content."""
    url = api(state, f"/repos/{record.full_name}")
    page, quoted = f"{state.url}/{record.full_name}", quote(path, errors="surrogateescape")
    here = f"{url}/contents/{quoted}?ref={quote(ref)}"
    is_file = entry.type == "blob"
    git_url = f"{url}/git/{entry.type}s/{entry.sha}" if entry.type != "commit" else None
    html = f"{page}/{'blob' if is_file else 'tree'}/{quote(ref)}/{quoted}"
    kind = {"tree": "dir", "commit": "submodule"}.get(entry.type, "file")
    return {
        "name": PurePosixPath(path).name,
        "path": path,
        "sha": entry.sha,
        "size": entry.size or 0,
        "url": here,
        "html_url": html,
        "git_url": git_url,
        "download_url": f"{page}/raw/{quote(ref)}/{quoted}" if is_file else None,
        "type": "symlink" if entry.mode == "120000" else kind,
        "_links": {"self": here, "git": git_url, "html": html},
    }
