"""Which aws-cdk-lib a code base uses, from its lock files, requirements or pyproject.toml.

An exact version, in the nearest directory that has one, wins over any lower bound. Files are
searched as text: a lock file of a large repository takes longer to parse than all its code.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from codemods.cdk.engine_versions import release

_VERSION = r"(\d[\w.!+-]*)"
_NAME = r"aws[-_.]cdk[-_.]lib"
_LOCKED = re.compile(rf'^name = "{_NAME}"\r?\nversion = "{_VERSION}"', re.MULTILINE | re.IGNORECASE)
_PIPFILE = re.compile(
    rf'"{_NAME}"\s*:\s*\{{[^{{}}]*?"version"\s*:\s*"==\s*{_VERSION}"', re.IGNORECASE
)
_PIN = re.compile(
    rf"^\s*{_NAME}(?:\[[^\]]*\])?\s*={{2,3}}\s*{_VERSION}", re.MULTILINE | re.IGNORECASE
)
_BOUND = re.compile(
    rf"""(?<![\w.-]){_NAME}(?:\[[^\]]*\])?["']?\s*(?:[=(]\s*)?["']?\s*(?:>=|~=|\^|~|==)\s*{_VERSION}""",
    re.IGNORECASE,
)
_LOCKS = {
    "uv.lock": _LOCKED,
    "poetry.lock": _LOCKED,
    "pdm.lock": _LOCKED,
    "Pipfile.lock": _PIPFILE,
}
_COMMENT = re.compile(r"(?:^|\s)#.*$", re.MULTILINE)
_MOST_BYTES = 20_000_000


def exact(directory: str, names: frozenset[str]) -> str | None:
    """The version that a directory's lock file, or else its requirements, pin; None for none.

    Args:
        directory: its path.
        names: the names in it.
    """
    for lock, pattern in _LOCKS.items():
        if lock in names:
            locked = _lowest(pattern, _text(directory, lock))
            if locked:
                return locked
    return _lowest(_PIN, _required(directory, names))


def lower_bound(directory: str, names: frozenset[str]) -> str | None:
    """The lowest version that a directory's requirements or pyproject.toml allow."""
    bound = _lowest(_BOUND, _required(directory, names))
    if bound is None and "pyproject.toml" in names:
        bound = _lowest(_BOUND, _text(directory, "pyproject.toml"))
    return bound


def is_telling(path: str) -> bool:
    """Whether a file of this name may tell the version."""
    name = os.path.basename(path)
    return name in _LOCKS or name == "pyproject.toml" or _requirements(name)


def told(path: str, data: bytes) -> str | None:
    """The lowest version that one file tells, exact ones before bounds; None where it tells none.

    Args:
        path: where it is; its name says what kind of file it is.
        data: its bytes.
    """
    text = _COMMENT.sub("", data.decode(errors="replace"))
    lock = _LOCKS.get(os.path.basename(path))
    if lock is not None:
        return _lowest(lock, text)
    return _lowest(_PIN, text) or _lowest(_BOUND, text)


def lowest(versions: Iterable[str]) -> str | None:
    """Of several versions the lowest: what exists in it exists in the others."""
    return min(versions, key=release, default=None)


def _lowest(pattern: re.Pattern[str], text: str) -> str | None:
    return lowest(pattern.findall(text))


def _required(directory: str, names: frozenset[str]) -> str:
    return "\n".join(_text(directory, name) for name in sorted(names) if _requirements(name))


def _requirements(name: str) -> bool:
    return name.startswith("requirements") and name.endswith((".txt", ".in"))


def _text(directory: str, name: str) -> str:
    """A file's text without its comments; what cannot be read tells nothing."""
    try:
        with open(os.path.join(directory, name), "rb") as file:
            text = file.read(_MOST_BYTES).decode(errors="replace")
    except OSError:
        return ""
    return _COMMENT.sub("", text)
