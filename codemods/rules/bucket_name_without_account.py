"""bucket-name-without-account: a physical bucket name that every account would share."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import partial
from typing import Any, ClassVar

from codemods.cdk.accounts import is_unique
from codemods.cdk.constructs import stack_of
from codemods.code.layout import quote
from codemods.code.module import Module, argument
from codemods.code.occurrences import Occurrences, is_construct_id
from codemods.code.strings import Text, text_of
from codemods.rewriting.concatenation import appended
from codemods.rewriting.kinds import ReplaceExpression
from codemods.rewriting.removal import RemoveArgument
from codemods.rule import Discovery, Level, Plan, Rewrite, Rule, Safety

_BUCKETS = ("aws_cdk.aws_s3.Bucket", "aws_cdk.aws_s3.CfnBucket")
_ARGUMENT = "bucket_name"
_LONGEST = 63  # the limit of S3, in characters
_ADDRESS = 42  # `node.addr` in characters, by the documentation of constructs
_ROOM = {"account": 13, "region": 15}  # "-" and 12 digits; "-" and as in "ap-northeast-1"
_APPENDED = (["account"], ["account", "region"], ["region", "account"])
_SPEAKS = re.compile(r"[A-Za-z0-9]")
_REFUSED = re.compile(r"[^a-z0-9.-]")


class BucketNameWithoutAccount(Rule):
    """Allow a bucket name that is not unique for each account.

    ## Why
    Bucket names are global: all accounts of all customers share them. A name that is the same in
    every account deploys once. The second account, the second stage in an account of its own, or a
    stranger who took the name first make the deployment fail.

    ## Before
        from aws_cdk import Stack, aws_s3 as s3
        from constructs import Construct


        class AuditStack(Stack):
            def __init__(
                self, scope: Construct, construct_id: str, environment_suffix: str = "dev", **kwargs
            ) -> None:
                super().__init__(scope, construct_id, **kwargs)
                s3.Bucket(
                    self,
                    "AuditLogs",
                    bucket_name=f"payment-audit-logs-{environment_suffix}",
                    versioned=True,
                )

    ## After
        from aws_cdk import Stack, aws_s3 as s3
        from constructs import Construct


        class AuditStack(Stack):
            def __init__(
                self, scope: Construct, construct_id: str, environment_suffix: str = "dev", **kwargs
            ) -> None:
                super().__init__(scope, construct_id, **kwargs)
                s3.Bucket(
                    self,
                    "AuditLogs",
                    bucket_name=f"payment-audit-logs-{environment_suffix}-{self.account}",
                    versioned=True,
                )

    ## Fix safety
    Unsafe: the name can't be changed in place, so that CloudFormation replaces a deployed bucket.
    The new one is empty. What becomes of the old one depends on its removal policy: by default it
    stays behind with its data; with `DESTROY` it is deleted where it is empty and left behind where
    it is not; with `auto_delete_objects` its data goes. A stack that exports the bucket's ARN to
    another stack fails to update while that export is in use. Other files that spell the name need
    the new one: a function's code, a test. The option `fix = "drop-name"` lets the CDK make a
    unique name instead, which AWS recommends, and `append = ["account", "region"]` appends the
    region as well.

    ## Not reported
    A name that holds an account's id, something random or the time already, also where a value
    from elsewhere is called so (`account_id`); a bucket without a name; `Bucket.from_bucket_name`
    and its like; a bucket in its account's own namespace (`bucket_namespace`); and what a class of
    the code base that extends `Bucket` passes on.

    ## Left alone
    Reported without a fix: a name that the file spells again elsewhere (in an ARN, an environment
    variable, a lookup; not as the name of a table or a function) or holds in a variable that other
    code reads; one that comes from elsewhere as a whole or is unpacked from a dict; a slice of a
    text; a name with more than 50 characters (`node.addr` counts as 42), or with characters that S3
    refuses; a website's bucket or a name with dots, which must equal a domain; and a place at which
    the account is not known or `Stack` cannot be imported.
    """

    level = Level.HIGH
    documentation = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"
    names = frozenset({"Bucket", "CfnBucket"})
    arguments = frozenset({_ARGUMENT})
    changes = ("AWS::S3::Bucket.BucketName",)
    deployed = "The bucket is deployed: it is replaced by a new one, which is empty."
    defaults: ClassVar = {"fix": "append", "append": ["account"]}
    shapes: ClassVar = {
        "fix": {"enum": ["append", "drop-name"]},
        "append": {"enum": list(_APPENDED)},
    }

    def __init__(self) -> None:
        self._occurrences: Occurrences | None = None

    @classmethod
    def objection(cls, key: str, value: Any) -> str:
        """See `Rule.objection`."""
        if key == "fix" and value not in {"append", "drop-name"}:
            return '"append" or "drop-name"'
        if key == "append" and value not in _APPENDED:
            return '["account"] or ["account", "region"], in either order'
        return ""

    def check(self, reference: ast.expr, module: Module) -> Iterator[Discovery]:
        """See `Rule.check`."""
        call = module.call_of(reference)
        bucket = module.names.means(reference, *_BUCKETS)
        passed = module.names.passed(call, _ARGUMENT) if call and bucket else None
        if call is None or passed is None:
            return
        value, keyword = passed
        text = text_of(module, value)
        if text.absent or is_unique(module, text) or argument(call, "bucket_namespace"):
            return
        yield Discovery(
            value if keyword.arg else keyword.value,
            call,
            _message(text),
            self._outcome(call, keyword, text, bucket, module),
        )

    def _outcome(
        self, call: ast.Call, keyword: ast.keyword, text: Text, bucket: str, module: Module
    ) -> Plan | str:
        drops = self.option(module, "fix") == "drop-name"
        refusal = (
            _not_here(call, keyword, text)
            or self._shared(keyword.value, text, module)
            or ("" if drops else _not_so(text, self._endings(module, text)))
        )
        if refusal:
            return refusal
        if drops:
            title = "Let the CDK make a unique name"
            rewrites: tuple[Rewrite, ...] = (RemoveArgument(call, keyword),)
        else:
            stack = stack_of(module, call)
            if stack is None:
                return (
                    "The account is not known here: no construct of this call's scope is in sight, "
                    "or `Stack` means something else. `Aws.ACCOUNT_ID` is the last resort; a name "
                    "with it cannot be used from a stack of another account."
                )
            endings = self._endings(module, text)
            ending = "".join(f"-{{{stack.code}.{ending}}}" for ending in endings)
            title = f"Append the {' and the '.join(endings)} to the name"
            transform = partial(appended, ending, partial(quote, module))
            rewrites = (ReplaceExpression(keyword.value, transform), *stack.rewrites)
        return Plan(
            title=title,
            safety=Safety.UNSAFE,
            reason=_reason(call, bucket, module),
            rewrites=rewrites,
            changes=self.changes,
            replaces=("AWS::S3::Bucket",),
        )

    def _endings(self, module: Module, text: Text) -> list[str]:
        """What is appended, without a region that the name has already."""
        spelled = " ".join(ast.unparse(node) for node in text.unknown)
        has_region = re.search(r"(\b|_)region\b", spelled, re.IGNORECASE)
        wanted = self.option(module, "append")
        return [ending for ending in wanted if ending == "account" or not has_region]

    def _shared(self, value: ast.expr, text: Text, module: Module) -> str:
        """Why other code would miss the name, were it changed here alone."""
        known: list[ast.expr] = []
        while (binding := module.names.binding(value)) and binding.value is not None:
            uses = [use for use in module.names.uses(value) if not is_construct_id(module, use)]
            if len(uses) > 1:
                return f"Other code uses `{module.code(value)}` too."
            if isinstance(value, ast.Attribute):
                return f"Other files may read `{module.code(value)}` too."
            known.append(value)
            value = binding.value
        if self._occurrences is None:
            self._occurrences = Occurrences(module)
        for node in self._occurrences.elsewhere(text.shown, [*known, value]):
            if not _names_a_construct(node, module):
                return f"Line {node.lineno} spells the same name again."
        return ""


def _message(text: Text) -> str:
    why = (
        "Bucket names are global: a second account, or anybody who took the name first, makes the "
        "deployment fail."
    )
    if _SPEAKS.search(text.fixed):
        return f"`{text.shown}` is the same in every account. {why}"
    return f"The bucket's name comes from elsewhere and may be the same in every account. {why}"


def _names_a_construct(node: ast.expr, module: Module) -> bool:
    """Whether an expression is what a construct is called: a table, or a bucket by itself.

    Nothing finds this bucket by that text, and another bucket has a finding of its own.
    """
    keyword = module.parent(node)
    call = module.parent(keyword) if isinstance(keyword, ast.keyword) else None
    if not isinstance(keyword, ast.keyword) or not isinstance(call, ast.Call):
        return False
    home, _, kind = module.names.qualified(call.func).rpartition(".")
    noun = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.removeprefix("Cfn")).lower()
    return home.startswith("aws_cdk.") and keyword.arg == f"{noun}_name"


def _not_here(call: ast.Call, keyword: ast.keyword, text: Text) -> str:
    """Why the name has to stay as it is, or cannot be changed at this call."""
    if keyword.arg is None:
        return "The name is unpacked from a dict of keyword arguments."
    if any((other.arg or "").startswith("website_") for other in call.keywords):
        return "The name of a website's bucket must equal the website's domain."
    if "." in text.fixed:
        return "A name with dots must equal a domain."
    if any(outcome.absent for outcome in text.outcomes):
        return "The code chooses whether the bucket has a name."
    if any(not _SPEAKS.search(outcome.fixed) for outcome in text.outcomes):
        return "The name comes from elsewhere; it should hold the account's id there."
    return ""


def _not_so(text: Text, endings: list[str]) -> str:
    """Why nothing can be appended to the name."""
    room = _LONGEST - sum(_ROOM[ending] for ending in endings)
    if text.sliced:
        return "The name is a slice of a text."
    length = len(text.fixed) + _ADDRESS * sum(map(_is_address, text.unknown))
    if length > room:
        return f"The name has {length} fixed characters, and only {room} leave room."
    if not text.changed and _REFUSED.search(text.fixed):
        return "S3 refuses the name as it is: it takes lower-case letters, digits and hyphens only."
    return ""


def _is_address(node: ast.expr) -> bool:
    """Whether an expression is the address of a construct, a hash of its path."""
    return ast.unparse(node).endswith(".node.addr")


def _reason(call: ast.Call, bucket: str, module: Module) -> str:
    return (
        "CloudFormation replaces a deployed bucket, because its name cannot change in place: the "
        f"new one is empty. {_fate(call, bucket, module)} A stack that exports the bucket's ARN to "
        "another stack fails to update while the export is in use. Other files that spell the "
        "name, such as a function's code or a test, need the new one."
    )


def _fate(call: ast.Call, bucket: str, module: Module) -> str:
    """What becomes of the old bucket."""
    empties = module.names.value(argument(call, "auto_delete_objects"))
    policy = argument(call, "removal_policy")
    kept = policy is None and bucket.endswith(".Bucket")
    if isinstance(empties, ast.Constant) and empties.value is True:
        return "The old one is deleted with its data (`auto_delete_objects`)."
    meaning = module.names.qualified(policy).rpartition(".")[2]
    if kept or meaning.startswith("RETAIN"):
        return "The old one stays behind with its data (removal policy RETAIN)."
    if meaning == "DESTROY" or policy is None:
        return "The old one is deleted if it is empty, and stays behind, unmanaged, if it is not."
    return f"What becomes of the old one depends on `{module.code(policy)}`."
