"""Where the repository's own tests and snapshots pin a value that a fix changes.

Rather few lines than wrong ones: a test counts where it reaches the file of the finding by its
imports, a snapshot where it is of the same project and names the construct, and both only where
they hold the very value that the code has now.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from bot.reach import Reach
from codemods import Finding

PINS_AT_MOST = 20
"""Lines that are named for one finding."""

_TEXT_AT_MOST = 120
_WORDS = (b"NatGateway", b"::EIP", b"BucketName", b"EngineVersion", b"ReservedConcurrentExecutions")
_TEST_FOLDER = re.compile(r"(?:^|[_-])(?:tests?|snapshots?|__snapshots__)(?:$|[_-])", re.IGNORECASE)
_TEST_FILE = re.compile(r"(?:test_.*|.*_test)\.py")
_SNAPSHOT = re.compile(r".*\.(?:ambr|json|raw|snap)")

_NAT_COUNT = re.compile(
    r"""resource_count_is\(\s{0,80}["']AWS::EC2::(?:NatGateway|EIP)["']\s{0,80},\s{0,80}(\d{1,4})\b"""
    r"""|len\(\s{0,80}[\w.]{1,80}\.find_resources\(\s{0,80}["']AWS::EC2::(?:NatGateway|EIP)["']"""
    r"""\s{0,80}\)\s{0,80}\)\s{0,80}==\s{0,80}(\d{1,4})\b"""
)
_NAT_TYPE = re.compile(r"""["']Type["']\s?:\s?["']AWS::EC2::NatGateway["']""")
_BUCKET = re.compile(r"""["']BucketName["']\s{0,80}:\s{0,80}([fF]?)(["'])([^"'\n]{3,128})\2""")
_ENGINE = re.compile(r"""["']EngineVersion["']\s{0,80}:\s{0,80}["']([\d.]{1,20})["']""")
_RESERVED = re.compile(r"""["']ReservedConcurrentExecutions["']\s{0,80}:\s{0,80}(\d{1,6})\b""")

_OLD_GATEWAYS = re.compile(r"nat_gateways\s*=\s*(\d{1,4})\b")
_OLD_NAME = re.compile(r"""([fF]?)(["'])([^"'\n]{3,128})\2""")
_OLD_ENGINE = re.compile(r"\bVER_(\d{1,4}(?:_\d{1,4}){0,3})\b")
_OLD_RESERVED = re.compile(r"reserved_concurrent_executions\s*=\s*(\d{1,6})\b")
_CONSTRUCT_ID = re.compile(
    r"""\(\s{0,80}\w{1,80}\s{0,80},\s{0,80}(?:id\s?=\s?)?["']([\w-]{1,80})["']"""
)
_PLACEHOLDER = re.compile(r"\{[^{}]{1,100}\}")

_LINES_BEFORE = 12
"""How far above a finding its construct may begin."""

_GATEWAYS_AT_MOST = 100
"""How many NAT gateways of a snapshot are looked at."""

_RESOURCE_LINES = 400
"""How many lines of a snapshot one resource may take."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A line of a test or a snapshot: its path, its number from 1, its text, shortened."""

    path: str
    line: int
    text: str


def is_test(path: str) -> bool:
    """Whether a path is a test's or a snapshot's."""
    *folders, name = path.split("/")
    inside = any(_TEST_FOLDER.search(folder) for folder in folders)
    if name.endswith(".py"):
        return inside or _TEST_FILE.fullmatch(name) is not None
    return inside and _SNAPSHOT.fullmatch(name) is not None


class Witnesses:
    """The tests and snapshots of a repository."""

    def __init__(self, paths: Iterable[str]) -> None:
        """Begin with all paths of the repository."""
        self._reach = Reach(paths)
        self._texts: dict[str, str] = {}
        self._reached: dict[str, frozenset[str]] = {}

    def see(self, path: str, content: bytes) -> None:
        """Take in a file: any Python file, and every snapshot."""
        if path.endswith(".py"):
            self._reach.see(path, content)
        if is_test(path) and any(word in content for word in _WORDS):
            self._texts[path] = content.decode(errors="replace")

    def pins(self, finding: Finding, source: bytes) -> tuple[Pin, ...]:
        """The lines that expect what the fix of a finding changes.

        Args:
            finding: one with a fix.
            source: the file that it is in.
        """
        look = _LOOKS.get(finding.rule)
        if look is None or finding.fix is None:
            return ()
        code = _Code.of(finding, source)
        found: list[Pin] = []
        for path, text in self._texts.items():
            if self._concerns(path, finding.path):
                places = look(code, text, path.endswith(".py"))
                found += [_pin(path, text, at) for at in islice(places, PINS_AT_MOST)]
        return tuple(sorted(set(found), key=lambda pin: (pin.path, pin.line)))[:PINS_AT_MOST]

    def _concerns(self, test: str, path: str) -> bool:
        if path == test or not self._reach.around(test, path):
            return False
        if test.endswith(".py") and test not in self._reached:
            self._reached[test] = self._reach.of(test)
        return path in self._reached.get(test, {path})


@dataclass(frozen=True, slots=True)
class _Code:
    """The lines that a finding marks, and those before them where its construct may begin."""

    marked: str
    before: str

    @classmethod
    def of(cls, finding: Finding, source: bytes) -> _Code:
        lines = source.decode(errors="replace").splitlines(keepends=True)
        first = finding.start.line - 1
        before = "".join(lines[max(0, first - _LINES_BEFORE) : first])
        return cls("".join(lines[first : finding.end.line]), before)

    @property
    def construct_id(self) -> str:
        """The construct's id as logical ids have it, "" where it is not plain to see."""
        found = _CONSTRUCT_ID.search(self.marked)
        found = found or next(reversed([*_CONSTRUCT_ID.finditer(self.before)]), None)
        return re.sub(r"[\W_]", "", found[1]) if found else ""


def _gateways(code: _Code, text: str, is_python: bool) -> Iterator[int]:
    old = _OLD_GATEWAYS.search(code.marked)
    if old and is_python:
        for found in _NAT_COUNT.finditer(text):
            if int(found[1] or found[2]) == int(old[1]):
                yield found.start()
    elif old and code.construct_id:
        for found in islice(_NAT_TYPE.finditer(text), _GATEWAYS_AT_MOST):
            if code.construct_id in _logical_id(text, found.start()):
                yield found.start()
                return


def _bucket(code: _Code, text: str, _: bool) -> Iterator[int]:
    old = _OLD_NAME.search(code.marked.partition("bucket_name")[2] or code.marked)
    if old is None:
        return
    name = _Pattern.of(old[3], formatted=bool(old[1]))
    for found in _BUCKET.finditer(text):
        if name.means(_Pattern.of(found[3], formatted=bool(found[1]))):
            yield found.start()


def _engine(code: _Code, text: str, _: bool) -> Iterator[int]:
    old = _OLD_ENGINE.search(code.marked)
    for found in _ENGINE.finditer(text) if old else ():
        if old and found[1] == old[1].replace("_", "."):
            yield found.start()


def _reserved(code: _Code, text: str, _: bool) -> Iterator[int]:
    old = _OLD_RESERVED.search(code.marked)
    for found in _RESERVED.finditer(text) if old else ():
        if old and found[1] == old[1]:
            yield found.start()


_LOOKS: dict[str, Callable[[_Code, str, bool], Iterator[int]]] = {
    "shared-nat-gateway": _gateways,
    "bucket-name-without-account": _bucket,
    "unpinned-engine-version": _engine,
    "fixed-reserved-concurrency": _reserved,
}


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A name, some parts of which may be anything; `parts` are what stands between those."""

    parts: tuple[str, ...]

    @classmethod
    def of(cls, literal: str, *, formatted: bool) -> _Pattern:
        return cls(tuple(_PLACEHOLDER.split(literal)) if formatted else (literal,))

    def means(self, other: _Pattern) -> bool:
        """Whether both can be the same name, and share more than a few letters."""
        if len(self.parts) > 1 and len(other.parts) > 1:
            return self.parts == other.parts and sum(map(len, self.parts)) > 5
        return self._fits(other) or other._fits(self)

    def _fits(self, other: _Pattern) -> bool:
        if len(other.parts) > 1 or sum(map(len, self.parts)) <= 5:
            return False
        text, start = other.parts[0], self.parts[0]
        if len(self.parts) == 1:
            return text == start
        inside = text.removeprefix(start)
        if not text.startswith(start) or not inside.endswith(self.parts[-1]):
            return False
        at = 0
        for part in self.parts[1:-1]:
            at = inside.find(part, at)
            if at < 0:
                return False
            at += len(part)
        return at <= len(inside) - len(self.parts[-1])


def _logical_id(text: str, at: int) -> str:
    """The name of the resource that a snapshot describes around a place."""
    *before, line = text[:at].rsplit("\n", _RESOURCE_LINES)[-_RESOURCE_LINES:]
    for above in reversed(before):
        if above.strip() and _indent(above) < _indent(line + "x"):
            return above.strip()
    return ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _pin(path: str, text: str, at: int) -> Pin:
    end = text.find("\n", at)
    line = text[text.rfind("\n", 0, at) + 1 : end if end >= 0 else len(text)].strip()
    return Pin(path, text.count("\n", 0, at) + 1, line[:_TEXT_AT_MOST])
