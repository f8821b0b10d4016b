"""What can be asked about untrusted files, and what is made of the answers."""

from __future__ import annotations

import abc
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from bot.analysis import wire
from bot.analysis.source import Source
from bot.analysis.terms import Configured, Surroundings, Terms, Version
from codemods import Analysis, Base, Fixed, Policy
from codemods.settings import cdk_version

T = TypeVar("T")
Reply = Mapping[str, Any]

BROKEN = "its analysis gave no usable answer"


class Analyser(abc.ABC):
    """Asks about files and reads the answers; how they are asked is left to `ask`.

    One answer comes back for each file, in their order, in any case: where a file could not be
    analysed, the answer says so.
    """

    @abc.abstractmethod
    def ask(
        self, question: Reply, sources: Sequence[Source], read: Callable[[Source, Reply], T]
    ) -> list[T]:
        """Have `bot.analysis.worker.answer` answer one question about each of the files.

        Args:
            question: as the worker takes it.
            sources: the files.
            read: makes something of a reply that answers, or that names a `problem`.
        """

    def analyse(
        self, sources: Sequence[Source], terms: Terms, *, edits: bool = False
    ) -> list[Analysis]:
        """What is wrong in each file; `edits` asks for the edits of each fix."""
        question = {"verb": "analyse", "edits": edits, "terms": wire.terms(terms)}
        return self.ask(question, sources, _analysed)

    def fix(
        self,
        sources: Sequence[Source],
        terms: Terms,
        *,
        rules: frozenset[str],
        unsafe: bool,
        only: frozenset[str] = frozenset(),
    ) -> list[Fixed]:
        """Each file, fixed; empty `rules` means every rule.

        `only` are the fingerprints of the findings to fix, all of them where it is empty.
        Advisories (`Finding.on_request`) are fixed only where `rules` names their rule.
        """
        question = {
            "verb": "fix",
            "rules": sorted(rules),
            "unsafe": unsafe,
            "only": sorted(only),
            "terms": wire.terms(terms),
        }
        return self.ask(question, sources, _fixed)

    def ignore(
        self,
        sources: Sequence[Source],
        terms: Terms,
        *,
        fingerprints: frozenset[str],
        reason: str,
    ) -> list[Fixed]:
        """Each file with comments that silence these findings, which `applied` are."""
        question = {
            "verb": "ignore",
            "fingerprints": sorted(fingerprints),
            "reason": reason,
            "terms": wire.terms(terms),
        }
        return self.ask(question, sources, _fixed)

    def look_back(self, sources: Sequence[Source], policy: Policy) -> list[Version]:
        """What each file was like before a change, given as it was and under its later path."""
        return self.ask(
            {"verb": "look back", "terms": wire.terms(Terms(policy))}, sources, _version
        )

    def configure(self, source: Source, around: Surroundings) -> Configured:
        """What holds in a repository by its configuration file, and for which paths."""
        question = {"verb": "configure", "around": wire.surroundings(around)}
        (found,) = self.ask(question, [source], _configured)
        return found

    def cdk_version(self, sources: Sequence[Source]) -> str | None:
        """The lowest aws-cdk-lib that lock files, requirements and the like name, None for none.

        What exists in it exists in the others, so that a fix made for it fits them all.
        """
        versions = self.ask({"verb": "tell the version"}, sources, _told)
        return cdk_version.lowest(version for version in versions if version)

    def check_policy(self, source: Source) -> str:
        """Why the file with an organization's policy cannot be used; "" where it can."""
        (problem,) = self.ask({"verb": "check policy"}, [source], _problem)
        return problem


def _analysed(source: Source, reply: Reply) -> Analysis:
    if "problem" in reply:
        return Analysis(source.path, problem=str(reply["problem"]))
    return wire.read_analysed(reply)


def _fixed(source: Source, reply: Reply) -> Fixed:
    if "problem" in reply:
        return Fixed(source.content, (), _analysed(source, reply))
    return wire.read_fixed(reply)


def _version(source: Source, reply: Reply) -> Version:
    if "problem" in reply:
        return Version(Base(unread=True), _analysed(source, reply))
    return wire.read_version(reply)


def _configured(_: Source, reply: Reply) -> Configured:
    if "problem" in reply:
        return Configured(problem=str(reply["problem"]))
    return wire.read_configured(reply)


def _told(_: Source, reply: Reply) -> str:
    return str(reply.get("version", ""))


def _problem(_: Source, reply: Reply) -> str:
    return str(reply.get("problem", ""))
