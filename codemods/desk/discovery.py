"""From the paths that a person names to the Python files to look at.

A directory is walked; a file is taken whatever its name is, because somebody named it. Symbolic
links that the walk meets are not followed: they lead to what is walked anyway, or out of the
project.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator

from codemods.settings.usage import UsageError, reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codemods.settings.configuration import Configuration

SKIPPED = frozenset(
    {
        ".bzr",
        ".eggs",
        ".git",
        ".hg",
        ".mypy_cache",
        ".nox",
        ".pytest_cache",
        ".ruff_cache",
        ".svn",
        ".tox",
        ".venv",
        "__pycache__",
        "__pypackages__",
        "cdk.out",
        "dist",
        "node_modules",
        "site-packages",
        "venv",
    }
)
"""Directories whose files nobody wrote by hand."""


def python_files(
    paths: Iterable[str],
    configured: Callable[[str], Configuration],
    trouble: Callable[[str, str], None],
    *,
    named_too: bool = False,
) -> list[str]:
    """The files to look at, each once, in the order of the paths and sorted below each.

    Args:
        paths: files and directories, relative to the working directory or absolute.
        configured: gives the configuration that holds in a directory; what it excludes is left
            out where a walk meets it.
        trouble: is told of each directory that cannot be listed, with the reason.
        named_too: whether files among the paths are left out too where they are excluded.

    Returns:
        Paths relative to the working directory for files below it, absolute ones else.

    Raises:
        UsageError: for a path that does not exist or is neither a file nor a directory.
    """
    found: dict[str, None] = {}
    for path in paths:
        place = shown(path)
        if os.path.isdir(place):
            found.update(dict.fromkeys(_walk(place, configured, trouble)))
        elif os.path.isfile(place):
            settings = configured(os.path.dirname(place)) if named_too else None
            if settings is None or settings.admits(place, is_directory=False):
                found[place] = None
        elif os.path.lexists(place):
            raise UsageError(f"{path} is neither a file nor a directory")
        else:
            raise UsageError(f"{path} does not exist")
    return list(found)


def shown(path: str) -> str:
    """A path as reports name it."""
    here = os.getcwd()
    whole = os.path.normpath(os.path.join(here, path))
    if whole == here:
        return "."
    inside = whole.startswith(here.rstrip(os.sep) + os.sep)
    return os.path.relpath(whole, here) if inside else whole


def _walk(
    top: str, configured: Callable[[str], Configuration], trouble: Callable[[str, str], None]
) -> Iterator[str]:
    stack = [top]
    while stack:
        directory = stack.pop()
        try:
            with os.scandir(directory) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            trouble(directory, f"the directory cannot be listed: {reason(error)}")
            continue
        if directory != top and any(entry.name == "pyvenv.cfg" for entry in listed):
            continue
        taken = configured(directory).admits
        prefix = "" if directory == "." else os.path.join(directory, "")
        below = []
        for entry in listed:
            path = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in SKIPPED and taken(path, is_directory=True):
                    below.append(path)
            elif (
                entry.name.endswith(".py")
                and entry.is_file(follow_symlinks=False)
                and taken(path, is_directory=False)
            ):
                yield path
        stack += reversed(below)
