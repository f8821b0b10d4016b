"""Git's objects as plain values, and how `git log` is read."""

from dataclasses import dataclass
from datetime import datetime

LOG_FORMAT = "%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B%x00%x01"
"""What `parse_log` takes apart: a NUL after each field, NUL and 0x01 after each commit."""


@dataclass(frozen=True)
class Identity:
    """A name and an address, as a commit has them."""

    name: str
    email: str


@dataclass(frozen=True)
class TreeEntry:
    """A path in a tree; `type` is "blob", "tree" or "commit", `size` is None for the last two."""

    path: str
    mode: str
    type: str
    sha: str
    size: int | None


@dataclass(frozen=True)
class Commit:
    """A commit; the dates keep their own time zone."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Identity
    authored_at: datetime
    committer: Identity
    committed_at: datetime
    message: str


def parse_log(printed: bytes) -> list[Commit]:
    """Read what `git log --format=tformat:LOG_FORMAT` printed."""
    commits = []
    for row in printed.decode(errors="replace").split("\0\x01\n")[:-1]:
        sha, tree, parents, an, ae, ad, cn, ce, cd, message = row.split("\0")
        commits.append(
            Commit(
                sha,
                tree,
                tuple(parents.split()),
                Identity(an, ae),
                datetime.fromisoformat(ad),
                Identity(cn, ce),
                datetime.fromisoformat(cd),
                message.rstrip("\n"),
            )
        )
    return commits
