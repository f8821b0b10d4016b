"""The ways in which code imports the CDK.

Forms are written with the modules' short names (`ec2.Vpc`, `core.Stack`); a style spells those as
its imports do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MODULES = {
    "dynamodb": "aws_dynamodb",
    "ec2": "aws_ec2",
    "ecr": "aws_ecr",
    "iam": "aws_iam",
    "kms": "aws_kms",
    "lambda_": "aws_lambda",
    "rds": "aws_rds",
    "s3": "aws_s3",
    "sam": "aws_sam",
    "secretsmanager": "aws_secretsmanager",
    "sns": "aws_sns",
    "sqs": "aws_sqs",
}
_USE = re.compile(rf"\b(?P<alias>core|{'|'.join(MODULES)})\.(?P<member>[A-Z]\w*)")


@dataclass(frozen=True)
class Style:
    """Imports and the spelling that goes with them.

    Attributes:
        line: the import of a module of the CDK, or of a member of one.
        spelled: how code then writes the member.
        core_line: the import of what the CDK's root has.
        core: how code then writes that.
        local: the modules are imported inside the function that uses them.
        wrapped: the imports stand in a `try`.
        others: the style of every module but the first that code names; None for the same.
    """

    line: str
    spelled: str
    core_line: str = "from aws_cdk import {member}"
    core: str = "{member}"
    local: bool = False
    wrapped: bool = False
    others: Style | None = None

    def spell(self, code: str) -> str:
        """Code with its members of the CDK spelled in this style."""
        first = self._first(code)
        return _USE.sub(lambda use: self._of(use, first)._spelled(use), code)

    def imports(self, code: str, *, local: bool) -> str:
        """The import statements for code in short names: those of its top, or the local ones."""
        first = self._first(code)
        lines = {
            self._of(use, first)._imported(use)
            for use in _USE.finditer(code)
            if local == (self.local and use["alias"] != "core")
        }
        text = "\n".join(_merged(sorted(lines)))
        if not self.wrapped or not text:
            return text
        body = "\n".join(f"    {line}" for line in text.splitlines())
        return f"try:\n{body}\nexcept ImportError:\n    raise"

    def _first(self, code: str) -> str:
        aliases = (use["alias"] for use in _USE.finditer(code))
        return next((alias for alias in aliases if alias != "core"), "")

    def _of(self, use: re.Match[str], first: str) -> Style:
        return self if self.others is None or use["alias"] in {"core", first} else self.others

    def _spelled(self, use: re.Match[str]) -> str:
        return _filled(self.core if use["alias"] == "core" else self.spelled, use)

    def _imported(self, use: re.Match[str]) -> str:
        return _filled(self.core_line if use["alias"] == "core" else self.line, use)


def _filled(template: str, use: re.Match[str]) -> str:
    alias, member = use["alias"], use["member"]
    return template.format(alias=alias, module=MODULES.get(alias, ""), member=member)


def _merged(lines: list[str]) -> list[str]:
    """The lines with one import from each module, as people write them."""
    together: dict[str, list[str]] = {}
    for line in lines:
        home, keyword, names = line.partition(" import ")
        together.setdefault(home + keyword, []).append(names)
    return [home + ", ".join(names) for home, names in together.items()]


STYLES = {
    "import aws_cdk": Style(
        "import aws_cdk",
        "aws_cdk.{module}.{member}",
        core_line="import aws_cdk",
        core="aws_cdk.{member}",
    ),
    "import aws_cdk as cdk": Style(
        "import aws_cdk as cdk",
        "cdk.{module}.{member}",
        core_line="import aws_cdk as cdk",
        core="cdk.{member}",
    ),
    "import aws_cdk.aws_x": Style(
        "import aws_cdk.{module}",
        "aws_cdk.{module}.{member}",
        core_line="import aws_cdk",
        core="aws_cdk.{member}",
    ),
    "import aws_cdk.aws_x as x": Style("import aws_cdk.{module} as {alias}", "{alias}.{member}"),
    "from aws_cdk import aws_x": Style("from aws_cdk import {module}", "{module}.{member}"),
    "from aws_cdk import aws_x as x": Style(
        "from aws_cdk import {module} as {alias}", "{alias}.{member}"
    ),
    "from aws_cdk.aws_x import Y": Style("from aws_cdk.{module} import {member}", "{member}"),
    "from aws_cdk.aws_x import Y as Z": Style(
        "from aws_cdk.{module} import {member} as My{member}",
        "My{member}",
        core_line="from aws_cdk import {member} as My{member}",
        core="My{member}",
    ),
    "from aws_cdk.aws_x import *": Style(
        "from aws_cdk.{module} import *",
        "{member}",
        others=Style("from aws_cdk import {module}", "{module}.{member}"),
    ),
    "inside the function": Style(
        "from aws_cdk import {module} as {alias}", "{alias}.{member}", local=True
    ),
    "inside try": Style("from aws_cdk import {module}", "{module}.{member}", wrapped=True),
}
