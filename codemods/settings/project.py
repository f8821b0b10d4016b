"""What the place of a file says about it: its repository, its configuration, its dependencies.

A directory that has no answer of its own has that of the directory around it, up to the root of
the repository, or of the file system where there is none.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from functools import cached_property

from codemods.settings import cdk_version, configuration
from codemods.settings.configuration import OWN_FILE, SHARED_FILE, Configuration
from codemods.settings.policy import Policy

_SETTING = rb"(?:(?!\[).*\n)*?line-length\s*=\s*(\d+)"
_LINE_LENGTHS = {
    ".ruff.toml": re.compile(rb"\A" + _SETTING),
    "ruff.toml": re.compile(rb"\A" + _SETTING),
    SHARED_FILE: re.compile(rb"^\[tool\.(?:ruff|black)\].*\n" + _SETTING, re.MULTILINE),
}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line says; it goes before every file's configuration.

    Attributes:
        select: the only rules that run; empty leaves it to the configuration.
        ignore: rules that do not run, besides those that the configuration ignores.
        config: the one configuration file that counts for all; empty looks for the nearest.
    """

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    config: str = ""


class Project:
    """One directory and what it, or one around it, says.

    Args:
        directory: its absolute path.
        above: the directory around it, None at the root of a repository or of the file system.
    """

    def __init__(self, directory: str, above: Project | None, names: frozenset[str]) -> None:
        self._directory = directory
        self._above = above
        self._names = names

    @cached_property
    def configuration(self) -> Configuration:
        """The nearest configuration.

        Raises:
            codemods.settings.usage.UsageError: where it says what cannot be meant.
        """
        for name in (OWN_FILE, SHARED_FILE):
            if name in self._names:
                found = configuration.read(_shown(os.path.join(self._directory, name)))
                if found is not None:
                    return found
        return self._above.configuration if self._above else Configuration()

    @cached_property
    def cdk_version(self) -> str | None:
        """The aws-cdk-lib version in use: an exact one from anywhere above, else a lower bound."""
        return self.exact_version or self.lower_bound

    @cached_property
    def line_length(self) -> int | None:
        """The project's line length by its ruff or black settings, None where it sets none."""
        for name, pattern in _LINE_LENGTHS.items():
            found = name in self._names and pattern.search(_content(self._directory, name))
            if found:
                return int(found[1])
        return self._above.line_length if self._above else None

    @cached_property
    def root(self) -> str:
        """The root of the repository; empty outside of one."""
        if self._above is None:
            return self._directory if ".git" in self._names else ""
        return self._above.root

    @cached_property
    def exact_version(self) -> str | None:
        """The aws-cdk-lib version that the nearest lock file or pin names."""
        own = cdk_version.exact(self._directory, self._names)
        return own or (self._above.exact_version if self._above else None)

    @cached_property
    def lower_bound(self) -> str | None:
        """The lowest aws-cdk-lib version that the nearest requirement allows."""
        own = cdk_version.lower_bound(self._directory, self._names)
        return own or (self._above.lower_bound if self._above else None)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all files of one directory share.

    Attributes:
        policy: what the rules are told.
        prefix: the directory's path from the root of the repository, with slashes.
    """

    policy: Policy
    prefix: str

    def identity(self, path: str) -> str:
        """What fingerprints call a file, so that a finding is the same one in a pull request."""
        return self.prefix + os.path.basename(path)


class Projects:
    """The projects of all files of a run; each directory is looked at once."""

    def __init__(self, wishes: Wishes) -> None:
        self._wishes = wishes
        self._projects: dict[str, Project] = {}
        self._surroundings: dict[str, Surroundings] = {}

    def around(self, path: str) -> Surroundings:
        """What a file shares with those beside it."""
        directory = os.path.dirname(path)
        found = self._surroundings.get(directory)
        if found is None:
            found = self._surroundings[directory] = self._around(os.path.abspath(directory))
        return found

    def _around(self, directory: str) -> Surroundings:
        project = self._project(directory)
        settings = self.configuration(directory)
        root = project.root or os.getcwd()
        prefix = _below(directory, root)
        policy = Policy(
            select=self._wishes.select or settings.select,
            ignore=(settings.ignore - self._wishes.select) | self._wishes.ignore,
            safe=settings.safe,
            unsafe=settings.unsafe,
            fail_on=settings.fail_on,
            options=settings.options,
            packs=settings.packs,
            environments=replace(settings.environments, directory=_below(settings.directory, root)),
            cdk_version=project.cdk_version,
            line_length=project.line_length,
        )
        return Surroundings(policy, prefix)

    def configuration(self, directory: str) -> Configuration:
        """The configuration that holds in a directory."""
        return self._given or self._project(os.path.abspath(directory)).configuration

    @cached_property
    def _given(self) -> Configuration | None:
        """The file that the command line names; the patterns in it are relative to its place."""
        if not self._wishes.config:
            return None
        return configuration.read(self._wishes.config) or Configuration()

    def _project(self, directory: str) -> Project:
        project = self._projects.get(directory)
        if project is None:
            names = _listing(directory)
            parent = os.path.dirname(directory)
            ends = ".git" in names or parent == directory
            above = None if ends else self._project(parent)
            project = self._projects[directory] = Project(directory, above, names)
        return project


def _below(directory: str, root: str) -> str:
    """The path from a root to a directory, with slashes, the last one included."""
    path = os.path.relpath(directory, root).replace(os.sep, "/")
    return "" if path == "." else f"{path}/"


def _listing(directory: str) -> frozenset[str]:
    try:
        return frozenset(os.listdir(directory))
    except OSError:
        return frozenset()


def _content(directory: str, name: str) -> bytes:
    try:
        with open(os.path.join(directory, name), "rb") as file:
            return file.read()
    except OSError:
        return b""


def _shown(path: str) -> str:
    """A path as a person at this desk would name it."""
    near = os.path.relpath(path)
    return path if near.startswith(os.pardir) else near
