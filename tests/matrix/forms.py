"""What a rule's fix is applied to, and the cases that come of it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from codemods import Policy
from tests.matrix.places import PLACES, Place
from tests.matrix.styles import STYLES, Style
from tests.synthesis import ENVIRONMENT

_CONSTRUCTS = "from constructs import Construct\n"


@dataclass(frozen=True)
class Form:
    """Code that a rule has something to say about, in the short names of `styles`.

    Attributes:
        code: statements; `SCOPE` stands for the construct that they are in.
        changes: exactly what the fix changes in the template; none for code that is left alone.
        top: code at the top of the file.
        places: the names of the places in which it can stand.
        options: the rule's options.
        cdk_version: the aws-cdk-lib that the code base is said to use.
        agnostic: the stacks are agnostic of account and region.
        context: what the app's context has.
        expected: what else the test of the form expects.
    """

    code: str
    changes: tuple[str, ...] = ()
    top: str = ""
    places: Sequence[str] = tuple(PLACES)
    options: Mapping[str, Any] = field(default_factory=dict)
    cdk_version: str | None = None
    agnostic: bool = False
    context: Mapping[str, object] = field(default_factory=dict)
    expected: Any = None

    @property
    def env(self) -> Mapping[str, str] | None:
        """The environment that the stacks are built for."""
        return None if self.agnostic else ENVIRONMENT

    def policy(self, rule: str) -> Policy:
        """The policy with which the rule runs, alone."""
        return Policy(
            select=frozenset({rule}), options={rule: self.options}, cdk_version=self.cdk_version
        )

    def source(self, style: Style, place: Place) -> str:
        """The file that has the form in a place, its imports in a style."""
        local = style.imports(self.code, local=True)
        body = "\n".join(part for part in (local, self.code.strip("\n")) if part)
        code = place.code.replace("SCOPE", place.scope)
        code = re.sub(
            r"^( *)BODY$",
            lambda found: re.sub("^(?=.)", found[1], body, flags=re.MULTILINE),
            code,
            flags=re.MULTILINE,
        ).replace("SCOPE", place.scope)
        head = style.imports(self.top + code, local=False)
        return f"{head}\n{_CONSTRUCTS}{self.top}{style.spell(code)}"


@dataclass(frozen=True)
class Case:
    """One file."""

    name: str
    source: str
    place: Place


def cases(forms: Mapping[str, Form], name: str) -> list[Case]:
    """The cases of one form of a table.

    Each style takes its turn with the places, and each form begins one place further, so that every
    form meets every style and every place, and over a table every style meets every place. With
    CDK_MEDIC_MATRIX=all, each form meets every style in every place.
    """
    form = forms[name]
    turn = [other for other in forms if forms[other].places == form.places].index(name)
    everything = os.environ.get("CDK_MEDIC_MATRIX") == "all"
    found = []
    for number, (style, spelling) in enumerate(STYLES.items()):
        own = form.places[(turn + number) % len(form.places)]
        for place in form.places if everything else (own,):
            source = form.source(spelling, PLACES[place])
            found.append(Case(f"{style}, {place}", source, PLACES[place]))
    return found
