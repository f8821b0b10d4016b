"""Which modules a Python file reaches by its imports, as far as names tell."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+([.\w]{1,200})[ \t]+)?import[ \t]+(\([^)]{1,2000}\)|[^\n#;]{1,500})",
    re.MULTILINE,
)
_NAME = re.compile(rb"\w{1,100}")
_ROOT = "cdk.json"


class Reach:
    """The Python files of a repository, and which of them import which, directly or not.

    A file is taken to import another of its project where a name in an import is the other one's:
    `from infra.network import Network` reaches any `network.py`. Projects are told apart by their
    `cdk.json`.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        """Begin with all paths of the repository."""
        roots = (path for path in paths if path.rpartition("/")[2] == _ROOT)
        self._roots = frozenset(path.rpartition("/")[0] for path in roots)
        self._projects: dict[str, str] = {}
        self._names: dict[str, frozenset[str]] = {}
        self._homes: dict[str, list[str]] = defaultdict(list)

    def see(self, path: str, content: bytes) -> None:
        """Take in what a Python file imports."""
        self._homes[_module(path)].append(path)
        self._names[path] = frozenset(
            name.decode(errors="replace")
            for found in _IMPORT.finditer(content)
            for name in _NAME.findall(found[1] + b" " + found[2] if found[1] else found[2])
        )

    def project(self, path: str) -> str:
        """The nearest folder around a path that has a `cdk.json`, "" for none."""
        folder = path.rpartition("/")[0]
        if folder not in self._projects:
            here = not folder or folder in self._roots
            self._projects[folder] = folder if here else self.project(folder)
        return self._projects[folder]

    def around(self, path: str, other: str) -> bool:
        """Whether the project of a path is that of another one, or has it inside."""
        mine, its = self.project(path), self.project(other)
        return mine in {"", its} or its.startswith(f"{mine}/")

    def of(self, path: str) -> frozenset[str]:
        """All files that one reaches, itself included."""
        found, waiting = {path}, [path]
        while waiting:
            for name in self._names.get(waiting.pop(), ()):
                for other in self._homes.get(name, ()):
                    if other not in found and self.around(path, other):
                        found.add(other)
                        waiting.append(other)
        return frozenset(found)


def _module(path: str) -> str:
    folder, _, name = path.rpartition("/")
    stem = name.removesuffix(".py")
    return folder.rpartition("/")[2] if stem == "__init__" else stem
