"""What the tests of the bot's own pull requests share: a stack, its configuration, and a push."""

from __future__ import annotations

from typing import Any

from tests.bot.operations.world import World, vpc

NAT = "cdk-medic/fix-shared-nat-gateway"
ENGINE = "cdk-medic/fix-unpinned-engine-version"
TWO = (
    vpc().replace("aws_ec2 as ec2", "aws_ec2 as ec2, aws_rds as rds")
    + "        self.engine = rds.DatabaseInstanceEngine.postgres(\n"
    + "            version=rds.PostgresEngineVersion.VER_15\n        )\n"
)
"""A shared gateway, and an engine whose version is not pinned."""


def configured(**keys: str) -> str:
    """A configuration that asks for fix pull requests, unsafe ones too."""
    table = {"unsafe": '["shared-nat-gateway", "unpinned-engine-version"]', **keys}
    lines = [f"{key} = {value}\n" for key, value in table.items()]
    return 'mode = "pull-request"\n[fix-pull-requests]\n' + "".join(lines)


def push(there: World, files: dict[str, str | None]) -> list[Any]:
    """Push to the default branch, and do what that asks for."""
    there.repository.push(files, by="oliver")
    return there.run()
