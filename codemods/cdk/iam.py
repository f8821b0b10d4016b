"""The words of AWS IAM as CDK code writes them: principals, statements and managed policies."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from codemods.code.flow import Flow
from codemods.code.module import Module, argument

IAM = "aws_cdk.aws_iam."
LAMBDA = re.compile(r"lambda\.([\w-]+\.)?amazonaws\.com(\.cn)?")

# The managed policies that AWS made for the execution roles of Lambda functions, by their last
# name; none of them allows an action of IAM, Organizations or Account Management.
# https://docs.aws.amazon.com/lambda/latest/dg/permissions-managed-policies.html
EXECUTION_POLICIES = frozenset(
    {
        "AWSLambdaBasicExecutionRole",
        "AWSLambdaVPCAccessExecutionRole",
        "AWSLambdaDynamoDBExecutionRole",
        "AWSLambdaKinesisExecutionRole",
        "AWSLambdaSQSQueueExecutionRole",
        "AWSLambdaMSKExecutionRole",
        "AWSXRayDaemonWriteAccess",
        "AWSXrayWriteOnlyAccess",
        "CloudWatchLambdaInsightsExecutionRolePolicy",
    }
)
ADMIN_POLICIES = frozenset({"AdministratorAccess", "PowerUserAccess", "IAMFullAccess"})


@dataclass(frozen=True, slots=True)
class Principals:
    """Who may assume a role: Lambda functions, somebody else, or both."""

    functions: bool
    others: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """What a policy statement does. `actions` is None where they are not visible."""

    deny: bool
    actions: tuple[str, ...] | None


UNKNOWN = Statement(deny=False, actions=None)


class Iam:
    """Reads the IAM of one module. What one reader has read once says nothing new the next time."""

    def __init__(self, module: Module, flow: Flow) -> None:
        self._module = module
        self._names = module.names
        self._flow = flow
        self._read: set[ast.AST] = set()

    def principals(self, node: ast.expr | None) -> Principals:
        """Who a principal expression means."""
        found = [self._principal(source) for source in self._flow.sources(node)]
        return Principals(any(p.functions for p in found), any(p.others for p in found))

    def _principal(self, node: ast.expr | None) -> Principals:
        if not isinstance(node, ast.Call):
            return Principals(functions=False, others=True)
        if node in self._read:
            return Principals(functions=False, others=False)
        self._read.add(node)
        name = self._names.qualified(node.func)
        if name == f"{IAM}ServicePrincipal":
            services = self._flow.sources(argument(node, "service", 0))
            functions = [LAMBDA.fullmatch(self._service(s)) is not None for s in services]
            return Principals(any(functions), not all(functions))
        if name == f"{IAM}CompositePrincipal":
            parts = self._flow.items(ast.Tuple(elts=node.args))
            found = [self.principals(part) for part in parts]
            return Principals(any(p.functions for p in found), any(p.others for p in found))
        if name == f"{IAM}PrincipalWithConditions":
            return self.principals(argument(node, "principal", 0))
        if isinstance(node.func, ast.Attribute) and node.func.attr.startswith("with_"):
            return self.principals(node.func.value)  # with_conditions, with_session_tags
        return Principals(functions=False, others=True)

    def _service(self, node: ast.expr | None) -> str:
        """The service's name; a domain suffix that is a token counts as amazonaws.com."""
        value = self._names.value(node)
        if isinstance(value, ast.JoinedStr) and len(value.values) == 2:
            head, tail = value.values
            suffix = isinstance(tail, ast.FormattedValue) and ast.unparse(tail.value)
            if isinstance(head, ast.Constant) and str(suffix).lower().endswith("url_suffix"):
                return str(head.value) + "amazonaws.com"
        return self._names.string(value) or ""

    def statements(self, node: ast.expr | None) -> Iterator[Statement]:
        """The statements that an expression stands for: one, several in a list, or a document's."""
        for source in self._flow.sources(node):
            if source in self._read:
                continue
            self._read.update([source] if source else [])
            if isinstance(source, ast.List | ast.Tuple | ast.BinOp | ast.ListComp):
                for item in self._flow.items(source):
                    yield from self.statements(item) if item is not None else [UNKNOWN]
            elif isinstance(source, ast.Call):
                yield from self._constructed(source)
            elif isinstance(source, ast.Attribute) and source.attr == "document":
                yield from self.statements(source.value)
            else:
                yield UNKNOWN

    def _constructed(self, call: ast.Call) -> Iterator[Statement]:
        name = self._names.qualified(call.func)
        if name == f"{IAM}PolicyStatement":
            yield self._statement(call)
        elif name in {f"{IAM}PolicyStatement.from_json", f"{IAM}PolicyDocument.from_json"}:
            yield from self._json(argument(call, "obj", 0))
        elif name in {f"{IAM}PolicyDocument", f"{IAM}Policy", f"{IAM}ManagedPolicy"}:
            for keyword in call.keywords:
                if keyword.arg == "statements":
                    for item in self._flow.items(keyword.value):
                        yield from self.statements(item) if item is not None else [UNKNOWN]
                elif keyword.arg == "document":
                    yield from self.statements(keyword.value)
            yield from self._added(call)
        else:
            yield UNKNOWN

    def _added(self, policy: ast.Call) -> Iterator[Statement]:
        """The statements that `add_statements` gives to a policy or document later."""
        for place in self._flow.journey(policy).places:
            for method, call in called(self._module, place):
                if method == "add_statements":
                    for item in self._flow.items(ast.Tuple(elts=call.args)):
                        yield from self.statements(item) if item is not None else [UNKNOWN]

    def _statement(self, call: ast.Call) -> Statement:
        if argument(call, "not_actions") is not None:
            return Statement(self.denies(argument(call, "effect")), ("*",))
        actions = self.actions(argument(call, "actions")) or ()
        complete = self.actions(argument(call, "actions")) is not None
        effect = argument(call, "effect")
        for place in self._flow.journey(call).places:
            for method, use in called(self._module, place):
                if method == "add_actions":
                    more = self.actions(ast.List(elts=use.args))
                    complete = complete and more is not None
                    actions += more or ()
        return Statement(self.denies(effect), actions if complete else None)

    def denies(self, effect: ast.expr | None) -> bool:
        """Whether an effect is DENY; left out it is ALLOW."""
        names = (self._names.qualified(e) for e in self._flow.sources(effect) if e is not None)
        return f"{IAM}Effect.DENY" in names

    def actions(self, node: ast.expr | None) -> tuple[str, ...] | None:
        """The actions in a list, None where one of them is not visible."""
        if node is None:
            return ()
        found = []
        for item in self._flow.items(node):
            text = self._action(item)
            if text is None:
                return None
            found.append(text)
        return tuple(found)

    def _action(self, node: ast.expr | None) -> str | None:
        """An action as text; of an f-string the part before its first hole, and a star."""
        value = self._names.value(node)
        if isinstance(value, ast.JoinedStr) and value.values:
            head = value.values[0]
            if isinstance(head, ast.Constant) and ":" in str(head.value):
                return str(head.value) + "*"
        return self._names.string(value)

    def _json(self, node: ast.expr | None) -> Iterator[Statement]:
        value = self._names.value(node)
        if isinstance(value, ast.List):
            for item in value.elts:
                yield from self._json(item)
            return
        if not isinstance(value, ast.Dict):
            yield UNKNOWN
            return
        entries = {
            self._names.string(key): entry
            for key, entry in zip(value.keys, value.values, strict=True)
            if key is not None
        }
        if "Statement" in entries:
            yield from self._json(entries["Statement"])
            return
        actions = entries.get("Action")
        listed = isinstance(self._names.value(actions), ast.List)
        known = self.actions(actions if listed else ast.List(elts=[actions] if actions else []))
        yield Statement(self._names.string(entries.get("Effect")) == "Deny", known)

    def managed_policy(self, node: ast.expr | None) -> str | None:
        """The last name of AWS's managed policy, empty where not visible; None for other things."""
        value = self._names.value(node)
        if not isinstance(value, ast.Call):
            return None
        name = self._names.qualified(value.func)
        if name == f"{IAM}ManagedPolicy.from_aws_managed_policy_name":
            text = self._names.string(argument(value, "managed_policy_name", 0))
        elif name == f"{IAM}ManagedPolicy.from_managed_policy_arn":
            text = self._names.string(argument(value, "managed_policy_arn", 2))
            text = text if text and ":iam::aws:policy/" in text else None
        else:
            return None
        return (text or "").rpartition("/")[2]


def called(module: Module, place: ast.expr) -> Iterator[tuple[str, ast.Call]]:
    """The method call that an expression is the object of, if any: its name and the call."""
    parent = module.parent(place)
    if isinstance(parent, ast.Attribute) and parent.value is place:
        call = module.parent(parent)
        if isinstance(call, ast.Call) and call.func is parent:
            yield parent.attr, call


def overlap(actions: Iterable[str], patterns: Iterable[str]) -> list[str]:
    """The actions that one of some action patterns can match, judged by their fixed beginnings."""
    beginnings = [_fixed(pattern) for pattern in patterns]
    return [
        action
        for action in actions
        if any(
            _fixed(action).startswith(beginning) or beginning.startswith(_fixed(action))
            for beginning in beginnings
        )
    ]


def _fixed(pattern: str) -> str:
    return re.split(r"[*?]", pattern.lower())[0]
