"""The paths of a commit, and which of them a commit of the bot may write."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.github.errors import Refused, Unavailable

FILE_BYTES_AT_MOST = 512_000
"""GitHub's GraphQL cuts a blob's text here; the bot reads no larger file."""

REGULAR, EXECUTABLE = "100644", "100755"
_FOLDER = "040000"

_SHORT_NAME_OF_GIT = re.compile(r"git~\d+", re.IGNORECASE)
"""What Windows calls `.git` as well."""


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A path of a commit: git's mode such as `100644`, the object's SHA, a file's size in bytes."""

    mode: str
    sha: str
    size: int = 0

    @property
    def is_file(self) -> bool:
        """Whether it is a regular file, executable or not: no link, folder or submodule."""
        return self.mode in {REGULAR, EXECUTABLE}


class Tree(dict[str, TreeEntry]):
    """All paths of a commit; `whole` is False where GitHub left some of a huge tree out."""

    def __init__(self, entries: Mapping[str, TreeEntry], *, whole: bool = True) -> None:
        """Hold the entries by their paths."""
        super().__init__(entries)
        self.whole = whole


def read(answer: Any) -> Tree:
    """Read what `GET git/trees/{sha}` answers.

    Raises:
        Unavailable: it has an unknown shape.
    """
    try:
        entries = {
            row["path"]: TreeEntry(row["mode"], row["sha"], int(row.get("size") or 0))
            for row in answer["tree"]
        }
        return Tree(entries, whole=not answer.get("truncated"))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unavailable("GitHub described the tree in an unknown shape.") from error


def modes(tree: Tree, paths: Iterable[str]) -> dict[str, str]:
    """The mode that each path gets in a commit on this tree: the one that it has, or 100644.

    Raises:
        Refused: the bot must not write a path, see `reason_against`.
    """
    twins: dict[str, set[str]] = {}
    for known in tree:
        twins.setdefault(_folded(known), set()).add(known)
    found = {}
    for path in paths:
        reason = reason_against(path) or _reason_in(tree, twins, path)
        if reason:
            raise Refused(422, f"{path!r} is not written: {reason}.")
        found[path] = tree[path].mode if path in tree else REGULAR
    return found


def reason_against(path: str) -> str:
    """Why no commit of the bot writes this path, whatever the tree; empty where nothing is wrong.

    Workflows and their like are off limits, and so is whatever some file system takes for `.git`
    or for a way out of the folder.
    """
    parts = path.lower().split("/")
    if parts[0] == ".github":
        return "files below .github are left alone"
    if any(part in {"", ".", ".."} for part in parts):
        return "it is no plain path"
    if any(part.rstrip(". ") == ".git" or _SHORT_NAME_OF_GIT.fullmatch(part) for part in parts):
        return "git's own files are left alone"
    if any(_is_odd(character) for character in path):
        return "a character of its name is not shown everywhere"
    return ""


def blob_sha(content: bytes) -> str:
    """What git calls a file of this content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _is_odd(character: str) -> bool:
    return character in "\\:" or unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _reason_in(tree: Tree, twins: Mapping[str, set[str]], path: str) -> str:
    if path not in tree and not tree.whole:
        return "GitHub does not list all of so large a repository"
    if path in tree and not tree[path].is_file:
        return "it is no regular file"
    for place in (path, *_folders(path)):
        if place != path and place in tree and tree[place].mode != _FOLDER:
            return "it lies in something that is no folder"
        if twins.get(_folded(place), set()) - {place}:
            return "another path differs from it in case or in spelling only"
    return ""


def _folders(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
