"""unpinned-engine-version: a database engine version that says only the major one."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from typing import Any, ClassVar

from codemods.cdk.constructs import construct_around
from codemods.cdk.engine_classes import ENGINE_VERSIONS, EngineVersions, newest_named
from codemods.cdk.engine_pins import Pin, is_target, member_of, pin, version_of
from codemods.code.layout import quoted
from codemods.code.module import Module, argument
from codemods.rewriting.calling import CallInstead
from codemods.rewriting.calls import literal, with_attribute
from codemods.rewriting.kinds import ReplaceExpression
from codemods.rule import Discovery, Level, Plan, Rewrite, Rule, Safety

_INSTANCE_ENGINE = "aws_cdk.aws_rds.DatabaseInstanceEngine"
_UNVERSIONED = re.compile(r"POSTGRES|MYSQL|MARIADB|ORACLE_\w+")
_COPIES = re.compile(r"aws_cdk\.aws_rds\.\w*(FromSnapshot|ReadReplica)")
_LINKS = 3  # a version is followed through so many variables to the database that has it
_DRIFT = (
    "RDS upgrades minor versions by itself and refuses downgrades, so that a pin drifts until a "
    "later deployment fails: set `auto_minor_version_upgrade=False`, or accept the drift."
)


class UnpinnedEngineVersion(Rule):
    """Allow a database engine version that says only the major one.

    ## Why
    Which minor version a new database gets is then decided by the day on which it is created: the
    test stage runs another one than production, its patch level is unknown, and creating the stack
    again gives another database than before.

    ## Before
        from aws_cdk import Stack, aws_ec2 as ec2, aws_rds as rds
        from constructs import Construct


        class DatabaseStack(Stack):
            def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
                super().__init__(scope, construct_id, **kwargs)
                rds.DatabaseInstance(
                    self,
                    "Payments",
                    engine=rds.DatabaseInstanceEngine.postgres(
                        version=rds.PostgresEngineVersion.VER_15
                    ),
                    vpc=ec2.Vpc(self, "Vpc"),
                )

    ## After
        from aws_cdk import Stack, aws_ec2 as ec2, aws_rds as rds
        from constructs import Construct


        class DatabaseStack(Stack):
            def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
                super().__init__(scope, construct_id, **kwargs)
                rds.DatabaseInstance(
                    self,
                    "Payments",
                    engine=rds.DatabaseInstanceEngine.postgres(
                        version=rds.PostgresEngineVersion.VER_15_17
                    ),
                    vpc=ec2.Vpc(self, "Vpc"),
                )

    ## Fix safety
    Unsafe: a deployed database with an older minor version is upgraded in place, which takes it
    down for minutes, and one that RDS has upgraded beyond the pin makes the deployment fail,
    because RDS refuses downgrades. Before you deploy, compare the pin with the version that runs.
    RDS goes on upgrading minor versions by itself: `auto_minor_version_upgrade=False` stops that.

    Pinned is the version that the option `targets` names (`targets = { "15" = "15.4" }`; other
    engines by their name too, `"mysql-8.0"`). Without one it is 15.4 for PostgreSQL 15 as long as
    RDS creates that, else the newest minor version that the code base's aws-cdk-lib has and RDS
    still creates, and where it has none, the newest that RDS creates, written with `.of(…)`.

    ## Not reported
    A full version, SQL Server (whose `VER_15` is something else), Aurora, and a member of which
    only the major version is read (`VER_15.postgres_major_version`).

    ## Left alone
    Reported without a fix: MySQL, MariaDB and Oracle where no target is configured; an engine
    without any version, such as `DatabaseInstanceEngine.POSTGRES`; the version of a database that
    is restored from a snapshot or is a replica, which has to match its source; one that is looked
    up with `getattr` or compared; `.of` with two major versions that do not agree; and a target
    below a version that the file names already.
    """

    level = Level.MEDIUM
    documentation = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_PostgreSQL.html"
    names = frozenset(name.rpartition(".")[2] for name in (*ENGINE_VERSIONS, _INSTANCE_ENGINE))
    changes = ("AWS::RDS::DBInstance.EngineVersion",)
    deployed = (
        "The database is deployed: it is upgraded in place, or the deployment fails where its "
        "version is newer than the pin."
    )
    defaults: ClassVar = {"targets": {}}
    shapes: ClassVar = {
        "targets": {
            "additionalProperties": {"type": "string", "pattern": r"^(VER_)?\d\w*[._-]\w[\w.-]*$"}
        }
    }

    @classmethod
    def objection(cls, key: str, value: Any) -> str:
        """See `Rule.objection`."""
        if key == "targets" and not all(map(is_target, value, value.values())):
            return 'full versions of each major one, in quotes, as in { "15" = "15.4" }'
        return ""

    def check(self, reference: ast.expr, module: Module) -> Iterator[Discovery]:
        """See `Rule.check`."""
        name = module.names.means(reference, *ENGINE_VERSIONS, _INSTANCE_ENGINE)
        if not name:
            return
        for use in (reference, *self._aliases(reference, module)):
            parent = module.parent(use)
            if isinstance(parent, ast.Attribute):
                if name == _INSTANCE_ENGINE:
                    yield from _unversioned(parent, module)
                else:
                    yield from self._member(parent, name, module)
            elif name != _INSTANCE_ENGINE and _is_getattr(parent, use):
                yield from _looked_up(parent, ENGINE_VERSIONS[name], module)

    def _aliases(self, reference: ast.expr, module: Module) -> list[ast.expr]:
        """The uses of a variable that holds the class."""
        parent = module.parent(reference)
        if not isinstance(parent, ast.Assign) or len(parent.targets) != 1:
            return []
        target = parent.targets[0]
        if not isinstance(target, ast.Name) or target.id in self.names:
            return []
        return [use for use in module.names.uses(target) if module.names.binding(use)]

    def _member(self, node: ast.Attribute, name: str, module: Module) -> Iterator[Discovery]:
        kind = ENGINE_VERSIONS[name]
        if kind.major.fullmatch(node.attr):
            if not _asks_for_the_major(node, module):
                yield self._discovery(node, node, node.attr, name, module)
            return
        call = module.call_of(node) if node.attr == "of" else None
        full = argument(call, kind.parameter, 0) if call is not None else None
        text = module.names.string(full)
        if full is not None and text and kind.major.fullmatch(member_of(text)):
            yield self._discovery(full, node, member_of(text), name, module)

    def _discovery(
        self, wrong: ast.expr, node: ast.Attribute, member: str, name: str, module: Module
    ) -> Discovery:
        """The finding at `wrong`, the major version: `node` itself, or the argument of its call."""
        kind = ENGINE_VERSIONS[name]
        database = construct_around(module, node)
        major = version_of(member)
        chosen = pin(
            kind.engine,
            major,
            module.policy.cdk_version,
            self.option(module, "targets"),
            newest_named(name, member, module),
        )
        message = (
            f"Only the major version of {kind.label} is said ({major}): which minor version a new "
            "database gets depends on the day."
        )
        if isinstance(chosen, Pin):
            message += f" {chosen.why}"
        if not _keeps_its_version(database):
            message += f" {_DRIFT}"
        refusal = _refusal(node, module) or _disagreement(node, member, kind, module)
        if refusal or isinstance(chosen, str):
            return Discovery(wrong, database, message, refusal or str(chosen))
        rewrite: Rewrite
        if wrong is not node:
            rewrite = ReplaceExpression(wrong, literal(quoted(module, chosen.version)))
        elif chosen.member:
            rewrite = ReplaceExpression(node, with_attribute(chosen.member))
        else:
            rewrite = CallInstead(node, "of", (chosen.version, major), kind.flags)
        return Discovery(wrong, database, message, _plan(kind, chosen, rewrite))


def _plan(kind: EngineVersions, chosen: Pin, rewrite: Rewrite) -> Plan:
    return Plan(
        title=f"Pin {kind.label} to {chosen.version}",
        safety=Safety.UNSAFE,
        reason=(
            "A deployed database with an older minor version is upgraded in place, with some "
            "downtime; one that RDS has upgraded beyond the pin makes the deployment fail, because "
            "RDS refuses downgrades."
        ),
        rewrites=(rewrite,),
        changes=UnpinnedEngineVersion.changes,
    )


def _unversioned(node: ast.Attribute, module: Module) -> Iterator[Discovery]:
    if _UNVERSIONED.fullmatch(node.attr):
        method = node.attr.lower().replace("mariadb", "maria_db")
        yield Discovery(
            node,
            construct_around(module, node),
            f"`{node.attr}` has no version at all: RDS decides even the major one.",
            f"Which version is meant is not known; say it with `{method}(version=…)`.",
        )


def _looked_up(node: ast.AST | None, kind: EngineVersions, module: Module) -> Iterator[Discovery]:
    """A member whose name is computed, or is that of a major version."""
    if not isinstance(node, ast.Call) or len(node.args) < 2:
        return
    member = module.names.string(node.args[1])
    if member is None or kind.major.fullmatch(member):
        yield Discovery(
            node,
            construct_around(module, node),
            f"Which version of {kind.label} this is depends on a name that the code looks up.",
            "A version that is looked up with `getattr` cannot be changed here.",
        )


def _is_getattr(node: ast.AST | None, use: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "getattr"
        and use in node.args[:1]
    )


def _asks_for_the_major(node: ast.expr, module: Module) -> bool:
    """Whether only the major version of a member is read, which a pin would not change."""
    parent = module.parent(node)
    return isinstance(parent, ast.Attribute) and parent.attr.endswith("_major_version")


def _disagreement(node: ast.expr, member: str, kind: EngineVersions, module: Module) -> str:
    """Why a call of `.of` cannot be fixed that names two major versions."""
    call = module.call_of(node)
    named = kind.parameter.replace("_full_", "_major_")
    beside = module.names.string(argument(call, named, 1)) if call is not None else None
    if beside is None or member_of(beside) == member:
        return ""
    return f"`.of` is also told the major version {beside}: which of the two is meant is not known."


def _refusal(node: ast.expr, module: Module) -> str:
    if isinstance(module.parent(node), ast.Compare):
        return "The version is compared with another one, which would have to change as well."
    if _is_copy(node, module, _LINKS):
        return "A replica, or a database from a snapshot, has to match the version of its source."
    return ""


def _is_copy(node: ast.expr, module: Module, links: int) -> bool:
    """Whether a version ends up in a database that is a copy of another one."""
    statement = module.statement(node)
    around = itertools.takewhile(lambda parent: parent is not statement, module.parents(node))
    calls = (parent.func for parent in around if isinstance(parent, ast.Call))
    if any(_COPIES.fullmatch(module.names.qualified(callee)) for callee in calls):
        return True
    if not links or not isinstance(statement, ast.Assign | ast.AnnAssign):
        return False
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    uses = [use for target in targets for use in module.names.uses(target)]
    return any(_is_copy(use, module, links - 1) for use in uses)


def _keeps_its_version(database: ast.expr) -> bool:
    """Whether a database's call switches RDS's own minor upgrades off."""
    if not isinstance(database, ast.Call):
        return False
    upgrades = argument(database, "auto_minor_version_upgrade")
    return isinstance(upgrades, ast.Constant) and upgrades.value is False
