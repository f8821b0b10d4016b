"""The base of a change, read from git: what a branch started from.

`git` is asked for objects only; nothing of the repository runs.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Sequence

from codemods.base import Base
from codemods.settings.usage import UsageError

_SECONDS = 60


def base_of(revision: str, directory: str) -> Base:
    """The constructs that the files touched since a revision had there.

    As on a pull request, the comparison starts where the work left the revision (their merge
    base), and ends at the files as they are on disk, committed or not.

    Args:
        revision: a branch, tag or commit, such as `origin/main`.
        directory: any directory of the repository.

    Raises:
        UsageError: where there is no repository, no git, or no such revision.
    """
    return Base.of(content for _, content in _touched(_start(revision, directory), directory))


def versions_since(revision: str, directory: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Where the work left a revision, and what the Python files touched since then were.

    Args:
        revision: as for `base_of`.
        directory: any directory of the repository.

    Returns:
        The commit, and each file's absolute path with its content there.

    Raises:
        UsageError: where there is no repository, no git, or no such revision.
    """
    start = _start(revision, directory)
    touched = _touched(start, directory)
    return start, [(path, content) for path, content in touched if content is not None]


def _touched(start: str, directory: str) -> Iterable[tuple[str, bytes | None]]:
    top = _git(directory, "rev-parse", "--show-toplevel").decode().strip()
    listed = _git(top, "diff", "--name-only", "--no-renames", "--diff-filter=DMT", "-z", start)
    paths = [path for path in listed.split(b"\0") if path.endswith(b".py")]
    names = [os.path.join(top, os.fsdecode(path)) for path in paths]
    return zip(names, _versions(top, start, paths), strict=True)


def _start(revision: str, directory: str) -> str:
    """The commit to compare with: the merge base, or the revision itself without one."""
    named = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"]
    try:
        commit = _git(directory, *named).decode().strip()
    except UsageError:
        _git(directory, "rev-parse", "--git-dir")
        raise UsageError(f"--base names {revision!r}, which git does not know here") from None
    try:
        return _git(directory, "merge-base", commit, "HEAD").decode().strip()
    except UsageError:
        return commit


def _versions(top: str, commit: str, paths: Sequence[bytes]) -> Iterable[bytes | None]:
    """The paths' contents at a commit, in one call of git; None for what is no file there."""
    names = b"".join(commit.encode() + b":" + path + b"\0" for path in paths)
    answer = _git(top, "cat-file", "--batch", "-z", given=names)
    place = 0
    for _ in paths:
        end = answer.index(b"\n", place)
        head = answer[place:end].split(b" ")
        place = end + 1
        if head[-2:-1] != [b"blob"]:
            yield None
            continue
        size = int(head[-1])
        yield answer[place : place + size]
        place += size + 1


def _git(directory: str, *arguments: str, given: bytes = b"") -> bytes:
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        return subprocess.run(  # noqa: S603 (a fixed program; the arguments are no shell's)
            ["git", "-C", directory, *arguments],  # noqa: S607 (the user's own git)
            input=given,
            capture_output=True,
            check=True,
            timeout=_SECONDS,
            env=environment,
        ).stdout
    except FileNotFoundError as error:
        raise UsageError("--base needs git, which is not installed") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise UsageError(f"git says: {said or 'no'}") from error
    except subprocess.TimeoutExpired as error:
        raise UsageError(f"git did not answer within {_SECONDS} seconds") from error
