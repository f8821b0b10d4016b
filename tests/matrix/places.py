"""The constructs and functions that a call can stand in."""

from __future__ import annotations

from dataclasses import dataclass

_CLASS = """
class Case({base}):
    def __init__(self, scope, construct_id, **kwargs):
        super().__init__(scope, construct_id, **kwargs)
"""


@dataclass(frozen=True)
class Place:
    """Code with `BODY` where a form goes.

    Attributes:
        code: the code; it defines one construct, which the bench builds.
        scope: what a form's calls are given as their scope.
        changes: what every change of a form changes besides.
    """

    code: str
    scope: str = "self"
    changes: tuple[str, ...] = ()


PLACES = {
    "Stack": Place(_CLASS.format(base="core.Stack") + "        BODY\n"),
    "NestedStack": Place(
        _CLASS.format(base="core.NestedStack") + "        BODY\n",
        changes=("AWS::CloudFormation::Stack.TemplateURL",),  # it holds the nested template's hash
    ),
    "Stage": Place(
        _CLASS.format(base="core.Stage")
        + "        stack = core.Stack(self, 'Inner')\n        BODY\n",
        scope="stack",
    ),
    "Construct": Place(_CLASS.format(base="Construct") + "        BODY\n"),
    "base class from elsewhere": Place(
        "\ndef company():\n    return core.Stack\n\n\nCompanyStack = company()\n\n"
        + _CLASS.format(base="CompanyStack")
        + "        BODY\n"
    ),
    "helper function": Place(
        "\ndef build(scope):\n    BODY\n\n"
        + _CLASS.format(base="core.Stack")
        + "        build(self)\n",
        scope="scope",
    ),
    "static method": Place(
        _CLASS.format(base="core.Stack")
        + "        self.build(self)\n\n    @staticmethod\n    def build(scope):\n        BODY\n",
        scope="scope",
    ),
    "nested function": Place(
        _CLASS.format(base="core.Stack")
        + "\n        def build():\n            BODY\n\n        build()\n"
    ),
}

WITH_SELF = tuple(name for name, place in PLACES.items() if place.scope != "scope")
"""The places in which `self` is a construct."""
