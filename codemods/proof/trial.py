"""Before and after: the app of a project synthesized twice, and the difference judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from codemods.proof.app import App
from codemods.proof.comparison import compare
from codemods.proof.copies import Copy
from codemods.proof.judgement import Judgement, judge
from codemods.proof.restless import steady
from codemods.proof.synthesis import SynthesisError, synthesize
from codemods.proof.templates import Assembly
from codemods.rule import Finding


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a trial showed.

    Attributes:
        judgement: the differences, and whether the fixes explain them.
        stacks: how many templates were compared, nested ones included.
        missing: how many values of an account the app got a stand-in for.
        restless: what differs between two runs of the same code, and was left out.
    """

    judgement: Judgement
    stacks: int
    missing: int
    restless: tuple[str, ...] = ()


class FixedAppError(SynthesisError):
    """The app synthesizes as it is, and no longer after the change."""


@dataclass(frozen=True, slots=True)
class Trial:
    """An app, its copy, and how long a synthesis may take."""

    app: App
    copy: Copy
    seconds: float

    def of_fixes(
        self, before: Mapping[str, bytes], after: Mapping[str, bytes], applied: Sequence[Finding]
    ) -> Verdict:
        """Judge fixes of the project as it is on disk.

        Args:
            before: the files that the fixes change, by path, as they are.
            after: the same as they would be.
            applied: the findings that are fixed.

        Raises:
            SynthesisError: the app does not synthesize as it is.
            FixedAppError: the fixes keep it from synthesizing.
        """
        self.copy.take_present()
        old = self._synthesize()
        self.copy.write(after)
        new = self._after()
        comparison = compare(old.templates, new.templates)
        restless: tuple[str, ...] = ()
        if not judge(comparison, applied).exact:
            self.copy.write(before)
            again = compare(old.templates, self._synthesize().templates)
            comparison, restless = steady(comparison, again)
        return _verdict(judge(comparison, applied), old, restless)

    def since(self, commit: str, applied: Sequence[Finding]) -> Verdict:
        """Judge everything that the project changed since a commit.

        Args:
            commit: what it started from.
            applied: the findings that the commit had and the project no longer has.

        Raises:
            SynthesisError: the app does not synthesize as it was.
            FixedAppError: it does not synthesize as it is.
        """
        self.copy.take_revision(commit)
        old = self._synthesize()
        self.copy.take_present()
        new = self._after()
        return _verdict(judge(compare(old.templates, new.templates), applied), old, ())

    def _synthesize(self) -> Assembly:
        return synthesize(self.app, self.copy.place(self.app.directory), self.seconds)

    def _after(self) -> Assembly:
        try:
            return self._synthesize()
        except SynthesisError as error:
            raise FixedAppError(str(error), error.said) from error


def _verdict(judgement: Judgement, before: Assembly, restless: tuple[str, ...]) -> Verdict:
    return Verdict(judgement, len(before.templates), before.missing, restless)
