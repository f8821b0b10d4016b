"""A copy of a project to run its app in: nothing is written where somebody works.

Before and after are made in the same place, one after the other, so that a path that ends up in a
template does not differ.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from codemods.desk.discovery import SKIPPED
from codemods.settings.usage import UsageError

_LEFT_OUT = frozenset({"__pycache__", "cdk.out"})


class Copy:
    """A temporary directory that holds the project as it is, or as it was."""

    def __init__(self, directory: str) -> None:
        """Copy nothing yet.

        Args:
            directory: the project's, any in its repository.
        """
        self._source = _root(os.path.abspath(directory))
        self._holder = tempfile.mkdtemp(prefix="cdk-medic-verify-")
        self._place = os.path.join(self._holder, os.path.basename(self._source) or "project")

    def place(self, path: str) -> str:
        """Where a path of the project is in the copy."""
        inside = os.path.relpath(os.path.realpath(path), os.path.realpath(self._source))
        return os.path.normpath(os.path.join(self._place, inside))

    def holds(self, path: str) -> bool:
        """Whether a path belongs to the project."""
        inside = os.path.relpath(os.path.realpath(path), os.path.realpath(self._source))
        return not inside.startswith(os.pardir)

    def take_present(self) -> None:
        """Make it the project as it is on disk, whether git knows the files or not.

        Raises:
            UsageError: a file cannot be copied.
        """
        self._empty()
        try:
            shutil.copytree(self._source, self._place, symlinks=True, ignore=self._ignored)
        except shutil.Error as error:
            first = error.args[0][0]
            raise UsageError(f"{first[0]} cannot be copied: {first[2]}") from error
        self._link_what_nobody_wrote()

    def take_revision(self, commit: str) -> None:
        """Make it the project as a commit has it.

        Raises:
            UsageError: git does not give it.
        """
        self._empty()
        os.makedirs(self._place)
        archive = os.path.join(self._holder, "revision.tar")
        command = ["git", "-C", self._source, "archive", "--format=tar", "-o", archive, commit]
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 (no shell)
        if done.returncode:
            raise UsageError(f"git says: {done.stderr.decode(errors='replace').strip()}")
        with tarfile.open(archive) as packed:
            packed.extractall(self._place, filter="tar")
        self._link_what_nobody_wrote()

    def write(self, files: Mapping[str, bytes]) -> None:
        """Give files of the project, named by their paths there, other contents in the copy."""
        for path, content in files.items():
            with open(self.place(path), "wb") as file:
                file.write(content)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove the copy."""
        shutil.rmtree(self._holder, ignore_errors=True)

    def _empty(self) -> None:
        shutil.rmtree(self._place, ignore_errors=True)

    def _ignored(self, _: str, names: list[str]) -> set[str]:
        return set(SKIPPED.intersection(names))

    def _link_what_nobody_wrote(self) -> None:
        """An app may need its virtual environment or node_modules: large, and only read."""
        for directory, names, _ in os.walk(self._source):
            for name in SKIPPED.intersection(names):
                names.remove(name)
                link = self.place(os.path.join(directory, name))
                linked = name not in _LEFT_OUT and not os.path.lexists(link)
                if linked and os.path.isdir(os.path.dirname(link)):
                    os.symlink(os.path.join(directory, name), link)


def _root(directory: str) -> str:
    """The repository around a directory, or itself outside of one."""
    if not os.path.isdir(directory):
        raise UsageError(f"{directory} is no directory")
    place = directory
    while not os.path.exists(os.path.join(place, ".git")):
        above = os.path.dirname(place)
        if above == place:
            return directory
        place = above
    return place
