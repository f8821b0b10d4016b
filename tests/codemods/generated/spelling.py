"""How a file imports the CDK, and what it then calls the CDK's names."""

from __future__ import annotations

import enum

from tests.codemods.generated.code import Cdk
from tests.codemods.generated.drawing import Choose


class Import(enum.Enum):
    """A way to import the module `aws_cdk.aws_ec2` and its member `Vpc`."""

    ALIAS = "from aws_cdk import aws_ec2 as ec2"
    MODULE = "from aws_cdk import aws_ec2"
    DOTTED = "import aws_cdk.aws_ec2 as ec2"
    ROOT = "import aws_cdk as cdk"
    WHOLE = "import aws_cdk.aws_ec2"
    MEMBER = "from aws_cdk.aws_ec2 import Vpc"
    RENAMED = "from aws_cdk.aws_ec2 import Vpc as CdkVpc"
    STAR = "from aws_cdk.aws_ec2 import *"


_OF_ROOT = (Import.MEMBER, Import.RENAMED, Import.ROOT, Import.WHOLE)
_OF_CORE = (Import.MODULE, Import.DOTTED, Import.MEMBER, Import.RENAMED, Import.WHOLE)
_ALIASES = {"aws_lambda": "lambda_", "aws_dynamodb": "ddb", "core": "cdk"}


class Imports:
    """The imports of one file: decided when a name is first needed, and then kept.

    Args:
        choose: decides.
        first_version: whether the file is written for version 1 of the CDK.
    """

    def __init__(self, choose: Choose, *, first_version: bool) -> None:
        self._choose = choose
        self._first_version = first_version
        self._ways: dict[str, Import] = {}
        self._members: dict[str, dict[str, None]] = {}

    def spell(self, name: Cdk) -> str:
        """The code that means a name here."""
        home, _, member = name.name.rpartition(".")
        if self._first_version and home in {"aws_cdk", "constructs"}:
            home = "aws_cdk.core"
        if home not in self._ways:
            self._ways[home] = self._choose(*self._possible(home))
        self._members.setdefault(home, {})[member] = None
        return self._prefix(home) + member + name.tail

    def _possible(self, home: str) -> list[Import]:
        if home == "constructs":
            return [Import.MEMBER, Import.WHOLE]
        if home in {"aws_cdk", "aws_cdk.core"}:
            return [*(_OF_ROOT if home == "aws_cdk" else _OF_CORE)]
        ways = list(Import)
        if self._first_version:
            ways.remove(Import.ROOT)
        if Import.STAR in self._ways.values():  # which of two stars a name is from stays open
            ways.remove(Import.STAR)
        return ways

    def _prefix(self, home: str) -> str:
        module = home.rpartition(".")[2]
        match self._ways[home]:
            case Import.ALIAS | Import.DOTTED:
                return f"{_alias(module)}."
            case Import.MODULE:
                return f"{module}."
            case Import.ROOT:
                return f"cdk{home.removeprefix('aws_cdk')}."
            case Import.WHOLE:
                return f"{home}."
            case Import.RENAMED:
                return "Cdk"
            case _:
                return ""

    def lines(self) -> list[tuple[str, tuple[str, ...]]]:
        """Each import as its beginning and the names that follow it, none where it has no list."""
        found: dict[tuple[str, tuple[str, ...]], None] = {}
        from_cdk: list[str] = []
        for home, way in self._ways.items():
            module = home.rpartition(".")[2]
            members = tuple(self._members[home])
            match way:
                case Import.ALIAS:
                    from_cdk.append(f"{module} as {_alias(module)}")
                case Import.MODULE:
                    from_cdk.append(module)
                case Import.DOTTED:
                    found[f"import {home} as {_alias(module)}", ()] = None
                case Import.ROOT:
                    found["import aws_cdk as cdk", ()] = None
                case Import.WHOLE:
                    found[f"import {home}", ()] = None
                case Import.STAR:
                    found[f"from {home} import ", ("*",)] = None
                case Import.RENAMED:
                    renamed = tuple(f"{member} as Cdk{member}" for member in members)
                    found[f"from {home} import ", renamed] = None
                case Import.MEMBER:
                    found[f"from {home} import ", members] = None
        if from_cdk:
            found["from aws_cdk import ", tuple(from_cdk)] = None
        return list(found)


def _alias(module: str) -> str:
    return _ALIASES.get(module, module.removeprefix("aws_"))
