"""Hold on to a repository or a pull request and do things to it, from Python."""

from sandbox.handles.pulls import PullRequestHandle
from sandbox.handles.repositories import RepositoryHandle

__all__ = ["PullRequestHandle", "RepositoryHandle"]
