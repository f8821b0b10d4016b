"""The buttons below a pull request: merge it, close it, open it again, delete its branch."""

from collections.abc import Callable

from sandbox.actions import pulls
from sandbox.errors import Refused
from sandbox.service import Service
from sandbox.state import PullRequest, User

_LABELS = {
    "merge": "Merge pull request",
    "ready": "Ready for review",
    "close": "Close pull request",
    "reopen": "Reopen pull request",
    "delete": "Delete branch",
}
_AUTHORS_TOO = frozenset({"ready", "close", "reopen"})


def offered(pull: PullRequest, reader: User | None) -> list[tuple[str, str]]:
    """Return what the reader can do, as pairs of a change's name and its button's label."""
    if reader is None:
        return []
    writes = pull.repository.allows(reader, "write")
    return [
        (change, _LABELS[change])
        for change in _possible(pull)
        if writes or (change in _AUTHORS_TOO and reader is pull.author)
    ]


def _possible(pull: PullRequest) -> list[str]:
    if pull.state == "open":
        return ["ready" if pull.draft else "merge", "close"]
    there = pull.head_repository.git.ref(f"refs/heads/{pull.head_ref}") is not None
    own = not pull.from_fork and pull.head_ref != pull.repository.default_branch
    reopen = ["reopen"] if there and not pull.merged_at else []
    return [*reopen, *(["delete"] if there and own else [])]


def bring_about(service: Service, pull: PullRequest, change: str, *, by: User) -> None:
    """Do what a button says.

    Raises:
        Refused: 403 for somebody to whom the button is not offered, or what the change itself
            raises.
    """
    with service.state.lock:
        if change not in dict(offered(pull, by)):
            raise Refused(403, f"{by.login} cannot do this to the pull request as it is now.")
        _CHANGES[change](service, pull, by)


_CHANGES: dict[str, Callable[[Service, PullRequest, User], object]] = {
    "merge": lambda service, pull, by: pulls.merge(service, pull, by=by),
    "ready": lambda service, pull, by: pulls.set_draft(service, pull, False, by=by),
    "close": lambda service, pull, by: pulls.close(service, pull, by=by),
    "reopen": lambda service, pull, by: pulls.reopen(service, pull, by=by),
    "delete": lambda service, pull, by: pulls.delete_branch(
        service, pull.head_repository, pull.head_ref, by=by
    ),
}
