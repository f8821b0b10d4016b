"""`fix --interactive`: one fix after the other, as `git add -p` shows hunks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from codemods import fixing
from codemods.base import Base
from codemods.code.source import Source
from codemods.desk import report
from codemods.desk.excerpt import Excerpt
from codemods.desk.terminal import Terminal, terminal, visible
from codemods.desk.unified_diff import unified_diff
from codemods.engine import analyse
from codemods.rule import Finding
from codemods.settings.policy import Policy

_HELP = """\
y - apply this fix
n - leave it
a - apply it and every later one of its rule
s - leave it and every later one of its rule
q - leave it and all others, and write what was chosen so far
? - say this again"""
_STYLES = {"+": "green", "-": "red", "@": "cyan"}


@dataclass(frozen=True, slots=True)
class Place:
    """A file as a run meets it: its path, its bytes, its identity, its policy."""

    path: str
    data: bytes
    identity: str
    policy: Policy


@dataclass(slots=True)
class Conversation:
    """What somebody chose so far.

    Attributes:
        named: the rules that `--select` names; the fix of an advisory is for them only.
        over: whether nothing more is asked.
    """

    named: frozenset[str]
    over: bool = False
    _rules: dict[str, bool] = field(default_factory=dict)

    def choose(self, place: Place, base: Base | None) -> Callable[[Finding], bool]:
        """Ask about every fix of a file, and take the findings that were chosen."""
        chosen: set[str] = set()
        found = analyse(place.data, place.identity, place.policy, base=base).findings
        open_to = [it for it in found if report.fixable(it, self.named, unsafe=True)]
        for number, finding in enumerate(open_to, 1):
            if not self.over and self._wants(finding, place, base, f"{number}/{len(open_to)}"):
                chosen.add(finding.fingerprint)
        return lambda finding: finding.fingerprint in chosen

    def _wants(self, finding: Finding, place: Place, base: Base | None, count: str) -> bool:
        if finding.rule in self._rules:
            return self._rules[finding.rule]
        looks = terminal(sys.stdout)
        for text in _shown(finding, place, base, looks):
            print(text)
        while True:
            answer = _asked(f"({count}) Apply this fix [y,n,a,s,q,?]? ", looks)
            if answer in {"y", "n"}:
                return answer == "y"
            if answer in {"a", "s"}:
                self._rules[finding.rule] = answer == "a"
                return answer == "a"
            if answer == "q":
                self.over = True
                return False
            print(_HELP)


def _asked(question: str, looks: Terminal) -> str:
    """The first letter of an answer; the end of the input means to leave."""
    print(looks.style(question, "blue", "bold"), end="", flush=True)
    line = sys.stdin.readline()
    if not line:
        print()
        return "q"
    return line.strip()[:1].lower()


def _shown(finding: Finding, place: Place, base: Base | None, looks: Terminal) -> Iterator[str]:
    """The finding under the path that the person knows, and what its fix alone changes."""
    line = Source(place.data).line(finding.start.line)
    yield report.block(Excerpt(replace(finding, path=place.path), line), looks)
    alone = fixing.fix(
        place.data,
        place.identity,
        place.policy,
        unsafe=True,
        wanted=lambda other: other.fingerprint == finding.fingerprint,
        base=base,
    )
    diff = unified_diff(place.path, place.data, alone.source).decode(errors="replace")
    for text in diff.splitlines()[2:]:
        style = _STYLES.get(text[:1])
        yield looks.style(visible(text), style) if style else visible(text)
