"""Commits that GitHub itself makes and signs, for an App or for a button."""

from collections.abc import Mapping

from sandbox.actions.branches import move_branch
from sandbox.actions.pulls import GITHUB
from sandbox.errors import Refused
from sandbox.git import GitError, Identity
from sandbox.service import Service
from sandbox.state import Repository, User

WORKFLOWS = ".github/workflows/"


def check_workflows(paths: list[str], permissions: Mapping[str, str]) -> None:
    """Refuse to let an App write workflow files without the permission for just that."""
    for path in paths:
        if path.startswith(WORKFLOWS) and permissions.get("workflows") != "write":
            raise Refused(
                403,
                f"refusing to allow a GitHub App to create or update workflow `{path}` without "
                "`workflows` permission",
            )


def commit_files(
    service: Service,
    repository: Repository,
    branch: str,
    files: Mapping[str, bytes | None],
    message: str,
    *,
    by: User,
    author: Identity,
    expected: str,
) -> str:
    """Commit files on a branch that is at `expected`, None removing one; return the SHA.

    Raises:
        Refused: 409 where the branch is elsewhere, 422 for what git can't hold.
    """
    state, git = service.state, repository.git
    with state.lock:
        try:
            sha = git.write_commit(
                git.write_files(expected, files),
                [expected],
                message,
                author=author,
                committer=GITHUB,
                at=state.now(),
            )
        except GitError as error:  # a path or a message that git can't have
            raise Refused(422, str(error)) from None
        state.verified.add(sha)
        move_branch(service, repository, branch, sha, by=by, expected=expected)
        return sha
