"""Somebody pushes a commit."""

from collections.abc import Mapping

from sandbox.actions.branches import move_branch
from sandbox.git import Identity
from sandbox.service import Service
from sandbox.state import Repository, User

Files = Mapping[str, str | bytes | None]


def push(
    service: Service,
    repository: Repository,
    branch: str,
    files: Files,
    *,
    by: User,
    message: str,
    onto: str = "",
) -> str:
    """Commit files on a branch, None removing one, and return the commit's SHA.

    A branch that isn't there begins at the default branch. `onto` names the commit to build on
    instead of the branch's head, which makes the push a forced one.
    """
    git = repository.git
    with service.state.lock:
        known = git.ref(f"refs/heads/{branch}")
        parent = git.resolve(onto or (branch if known else repository.default_branch))
        author = Identity(by.name or by.login, by.email)
        sha = git.write_commit(
            git.write_files(parent, files),
            [parent],
            message,
            author=author,
            committer=author,
            at=service.state.now(),
        )
        move_branch(service, repository, branch, sha, by=by)
        return sha
