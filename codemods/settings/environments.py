"""Production or not: what the configuration's patterns say about the stack that code ends up in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from codemods.settings.path_patterns import is_pattern, matcher

_CLASS, _ID = "stack:", "id:"


@dataclass(frozen=True, slots=True)
class Place:
    """One way in which a construct comes to be: its own call, then those of what is around it.

    Attributes:
        classes: the names of the classes around it, such as its stack's and its stage's.
        ids: the construct ids that are literals, its own first.
    """

    classes: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()

    def beyond(self, owner: Place) -> Place:
        """This place within another one."""
        return Place((*self.classes, *owner.classes), (*self.ids, *owner.ids))


@dataclass(frozen=True, slots=True)
class Environments:
    """Patterns for production and for everything else.

    A pattern is `stack:GLOB` for the name of a class, `id:GLOB` for a construct id, or a pattern as
    in .gitignore for the path of a file.

    Attributes:
        production: what is production.
        non_production: what is not.
        directory: the one that paths are relative to, itself relative to what the paths of analysed
            files are; with a final slash, or empty.
    """

    production: tuple[str, ...] = ()
    non_production: tuple[str, ...] = ()
    directory: str = ""

    def exempt(self, path: str, places: Iterable[Place]) -> bool:
        """Whether every place in which code of a file ends up is named as outside of production."""
        places = tuple(places)
        named = all(self._named(self.non_production, path, place) for place in places)
        return named and not any(self._named(self.production, path, place) for place in places)

    def divide(self, path: str, places: Iterable[Place]) -> bool:
        """Whether code of a file ends up in production, and outside of it as well."""
        places = tuple(places)
        outside = any(self._named(self.non_production, path, place) for place in places)
        return outside and not self.exempt(path, places)

    def _named(self, patterns: Sequence[str], path: str, place: Place) -> bool:
        files = []
        for pattern in patterns:
            if pattern.startswith(_CLASS):
                if _any_matches(place.classes, pattern.removeprefix(_CLASS)):
                    return True
            elif pattern.startswith(_ID):
                if _any_matches(place.ids, pattern.removeprefix(_ID)):
                    return True
            else:
                files.append(pattern)
        inside = path.startswith(self.directory)
        return inside and matcher(tuple(files)).match_file(path.removeprefix(self.directory))


def objection(pattern: str) -> str:
    """What is wrong with a pattern; an empty string for nothing."""
    if pattern in {"", _CLASS, _ID}:
        return "names nothing"
    kind, colon, _ = pattern.partition(":")
    if colon and kind.isalpha():
        known = pattern.startswith((_CLASS, _ID))
        return "" if known else f"begins with {kind}:, which is neither {_CLASS} nor {_ID}"
    return "" if is_pattern(pattern) else "is none for a path"


def _any_matches(names: Iterable[str], pattern: str) -> bool:
    from fnmatch import fnmatchcase

    return any(fnmatchcase(name, pattern) for name in names)
