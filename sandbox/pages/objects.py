"""Git objects for the pages. They never change, so what was read once is remembered."""

from functools import lru_cache

from sandbox.diff import FileDiff
from sandbox.git import Commit, Git, GitError
from sandbox.state import PullRequest


class Objects:
    """Reads commits and files by SHA, each once."""

    def __init__(self) -> None:
        """Begin with nothing remembered."""
        self.commits = lru_cache(maxsize=256)(_commits)
        self.text = lru_cache(maxsize=256)(_text)
        self.merge_base = lru_cache(maxsize=256)(_merge_base)
        self.merges = lru_cache(maxsize=256)(_merges)

    def base(self, pull: PullRequest, head: str = "") -> str:
        """Return the commit that the pull request's changes (at a head) are compared with."""
        return self.merge_base(pull.repository.git, pull.base_sha, head or pull.head_sha)

    def changes(self, pull: PullRequest) -> tuple[FileDiff, ...]:
        """Return the pull request's changed files."""
        return pull.repository.git.diff(self.base(pull), pull.head_sha)


def _commits(git: Git, base: str, head: str) -> tuple[Commit, ...]:
    """Return the commits from one SHA (exclusive) to another, oldest first."""
    return tuple(git.commits(base, head))


def _text(git: Git, sha: str, path: str) -> str:
    """Return a file at a commit, "" where there is none."""
    try:
        return git.read(sha, path).decode(errors="replace")
    except GitError:
        return ""


def _merge_base(git: Git, one: str, other: str) -> str:
    return git.merge_base(one, other)


def _merges(git: Git, base: str, head: str) -> bool:
    """Tell whether two commits merge without a conflict."""
    return git.merge_tree(base, head) is not None
