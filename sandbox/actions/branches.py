"""Branches move: whoever pushes, the pull requests follow and the Apps hear of it."""

from sandbox import events
from sandbox.actions.anchors import reanchor
from sandbox.errors import Refused
from sandbox.git import GitError
from sandbox.service import Service
from sandbox.state import PullRequest, Push, Repository, User


def move_branch(
    service: Service,
    repository: Repository,
    branch: str,
    new: str,
    *,
    by: User,
    expected: str | None = None,
) -> None:
    """Let a branch point to a commit that the repository has, making the branch if need be.

    Raises:
        Refused: 409 where `expected` is given and the branch is elsewhere.
    """
    ref = f"refs/heads/{branch}"
    with service.state.lock:
        git = repository.git
        before = git.ref(ref)
        if expected and before != expected:
            raise Refused(409, f"{branch} is at {before} but expected {expected}")
        if before == new:
            return
        try:
            git.update_ref(ref, new, before)
        except GitError as error:
            raise Refused(422, f"Reference update failed: {error}") from None
        repository.pushed_at = service.state.now()
        events.push(service, repository, ref, (before or events.ZERO, new), by)
        for pull in pulls_of(service, repository, branch):
            _follow(service, pull, by)


def pulls_of(service: Service, repository: Repository, branch: str) -> list[PullRequest]:
    """Return the open pull requests that show this branch."""
    return [
        pull
        for base in service.state.repositories.values()
        for pull in base.pulls.values()
        if (pull.head_repository, pull.head_ref, pull.state) == (repository, branch, "open")
    ]


def bring_head(pull: PullRequest) -> str:
    """Copy the head's commits into the base repository and return the head's SHA."""
    target = f"refs/pull/{pull.number}/head"
    git = pull.repository.git
    source = f"refs/heads/{pull.head_ref}"
    if pull.from_fork:
        git.fetch(pull.head_repository.git, source, target)
    else:
        git.update_ref(target, git.resolve(source))
    return git.resolve(target)


def _follow(service: Service, pull: PullRequest, by: User) -> None:
    before, after = pull.head_sha, bring_head(pull)
    git = pull.repository.git
    now = service.state.now()
    forced = not git.is_ancestor(before, after)
    pull.pushes.append(Push(service.state.next_id(), now, by, before, after, forced))
    base = f"refs/heads/{pull.base_ref}"
    pull.base_sha = git.ref(base) or pull.base_sha
    pull.head_sha = after
    pull.updated_at = now
    for comment in pull.review_comments:
        reanchor(comment, before, after)
    events.pull_request(service, pull, "synchronize", by, before=before, after=after)
