from __future__ import annotations

import pytest

from codemods import Policy, Safety, fix
from tests.codemods.rules.verbs import Verbs, verbs
from tests.synthesis import Bench, differences

NAME = "bucket-name-without-account"
rewrites, leaves, reports = verbs(NAME)
drops, _leaves, keeps = verbs(NAME, {"fix": "drop-name"})
with_region, _leaves, no_room = verbs(NAME, {"append": ["account", "region"]})

STACK = """
from aws_cdk import Stack, RemovalPolicy, aws_s3 as s3

class AuditStack(Stack):
    def __init__(self, scope, construct_id, suffix="dev", **kwargs):
        super().__init__(scope, construct_id, **kwargs)
        s3.Bucket(self, "AuditLogs", {arguments})
"""


def stack(arguments: str) -> str:
    return STACK.replace("{arguments}", arguments)


FORMS = [
    ('"logs"', 'f"logs-{self.account}"'),
    ("'logs'", "f'logs-{self.account}'"),
    ('"""logs"""', 'f"""logs-{self.account}"""'),
    ('r"logs"', 'fr"logs-{self.account}"'),
    ('u"logs"', 'f"logs-{self.account}"'),
    ('f"logs-{suffix}"', 'f"logs-{suffix}-{self.account}"'),
    ("F'logs-{suffix}'", "F'logs-{suffix}-{self.account}'"),
    ('rf"logs-{suffix}"', 'rf"logs-{suffix}-{self.account}"'),
    ("f'''logs-{suffix}'''", "f'''logs-{suffix}-{self.account}'''"),
    ("f\"logs-{'a'}\"", "f\"logs-{'a'}-{self.account}\""),
    ('f"logs-{suffix!s:>3}"', 'f"logs-{suffix!s:>3}-{self.account}"'),
    ('"logs" "-all"', '"logs" f"-all-{self.account}"'),
    ('f"logs-{suffix}" "-all"', 'f"logs-{suffix}" f"-all-{self.account}"'),
    ('"logs-" f"{suffix}"', '"logs-" f"{suffix}-{self.account}"'),
    ('"a" "b" "c"', '"a" "b" f"c-{self.account}"'),
    ('("logs")', '(f"logs-{self.account}")'),
    ('"logs-%s" % suffix', '"logs-%s" % suffix + f"-{self.account}"'),
    ('"logs-%(s)s" % {"s": suffix}', '"logs-%(s)s" % {"s": suffix} + f"-{self.account}"'),
    ('"logs-" + suffix', '"logs-" + suffix + f"-{self.account}"'),
    ('"logs-{}".format(suffix)', '"logs-{}".format(suffix) + f"-{self.account}"'),
    ('"-".join(["logs", suffix])', '"-".join(["logs", suffix]) + f"-{self.account}"'),
    ('"LOGS".lower()', '"LOGS".lower() + f"-{self.account}"'),
    ('f"Logs-{suffix}".lower()', 'f"Logs-{suffix}".lower() + f"-{self.account}"'),
    ('str("logs")', 'str("logs") + f"-{self.account}"'),
    ('"logs" if suffix else "other"', '("logs" if suffix else "other") + f"-{self.account}"'),
    ('(name := "logs")', '((name := "logs") + f"-{self.account}")'),
]


@pytest.mark.parametrize(("before", "after"), FORMS)
def test_it_appends_the_account(before: str, after: str) -> None:
    rewrites(stack(f"bucket_name={before}"), stack(f"bucket_name={after}"))


def test_every_form_of_the_fix_changes_the_name_and_nothing_else(bench: Bench) -> None:
    for before, _ in FORMS:
        code = stack(f"bucket_name={before}")
        fixed = fix(code.encode(), "stack.py", Policy(select=frozenset({NAME})), unsafe=True)
        (old,), (new,) = (bench.stacks(text).values() for text in (code, fixed.source.decode()))
        changed = differences(old, new)
        ((path, (name, longer)),) = changed.items()
        assert path.endswith(".Properties.BucketName"), before
        assert longer == f"{name}-111122223333", before


def test_an_adjacent_literal_on_several_lines_keeps_its_lines() -> None:
    rewrites(
        stack('bucket_name=(\n            "logs"  # all\n            "-a"\n        )'),
        stack(
            'bucket_name=(\n            "logs"  # all\n            f"-a-{self.account}"\n        )'
        ),
    )


def test_the_other_arguments_and_comments_stay() -> None:
    rewrites(
        stack(
            '\n            bucket_name = "logs",  # ours — "so"\n'
            "            versioned=True\n        "
        ),
        stack(
            '\n            bucket_name = f"logs-{self.account}",  # ours — "so"\n'
            "            versioned=True\n        "
        ),
    )


@pytest.mark.parametrize(
    ("newline", "end", "indent"), [("\r\n", "\r\n", "    "), ("\n", "", "\t"), ("\n", "\n", "  ")]
)
def test_bytes_outside_the_name_stay(newline: str, end: str, indent: str) -> None:
    before = (
        stack('bucket_name="logs"').replace("    ", indent).rstrip().replace("\n", newline) + end
    )
    rewrites(
        b"\xef\xbb\xbf" + before.encode(),
        b"\xef\xbb\xbf" + before.replace('"logs"', 'f"logs-{self.account}"').encode(),
    )


@pytest.mark.parametrize(
    ("imports", "call", "after"),
    [
        ("import aws_cdk as cdk", "cdk.aws_s3.Bucket", "cdk.Stack.of(scope)"),
        ("import aws_cdk", "aws_cdk.aws_s3.CfnBucket", "aws_cdk.Stack.of(scope)"),
        ("import aws_cdk.aws_s3", "aws_cdk.aws_s3.Bucket", "aws_cdk.Stack.of(scope)"),
        ("from aws_cdk import aws_s3, Stack as S", "aws_s3.Bucket", "S.of(scope)"),
        ("from aws_cdk import core, aws_s3", "aws_s3.Bucket", "core.Stack.of(scope)"),
        ("from aws_cdk import core as cdk, aws_s3", "aws_s3.Bucket", "cdk.Stack.of(scope)"),
        (
            "from aws_cdk.core import Stack\nfrom aws_cdk.aws_s3 import Bucket",
            "Bucket",
            "Stack.of(scope)",
        ),
        ("from aws_cdk import *\nfrom aws_cdk.aws_s3 import Bucket", "Bucket", "Stack.of(scope)"),
    ],
)
def test_a_helper_asks_the_stack_by_the_name_that_the_file_has_for_it(
    imports: str, call: str, after: str
) -> None:
    code = f'{imports}\n\ndef build(scope):\n    {call}(scope, "B", bucket_name=NAME)\n'
    rewrites(code.replace("NAME", '"logs"'), code.replace("NAME", f'f"logs-{{{after}.account}}"'))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from aws_cdk import aws_s3", "from aws_cdk import aws_s3, Stack"),
        (
            "from aws_cdk import (\n    aws_s3,\n    aws_sqs,\n)",
            "from aws_cdk import (\n    aws_s3,\n    aws_sqs,\n    Stack,\n)",
        ),
        (
            "import aws_cdk.aws_s3 as aws_s3",
            "from aws_cdk import Stack\nimport aws_cdk.aws_s3 as aws_s3",
        ),
        (
            "import os\nfrom aws_cdk import aws_s3\nfrom aws_cdk.core import Construct",
            "import os\nfrom aws_cdk import aws_s3\nfrom aws_cdk.core import Construct, Stack",
        ),
    ],
)
def test_it_imports_stack_where_the_file_does_not(before: str, after: str) -> None:
    body = '\n\ndef build(scope):\n    aws_s3.Bucket(scope, "B", bucket_name={})\n'
    rewrites(
        before + body.format('"logs"'), after + body.format('f"logs-{Stack.of(scope).account}"')
    )


def test_two_buckets_share_one_import() -> None:
    code = (
        "from aws_cdk import aws_s3{}\n\ndef build(scope):\n"
        '    aws_s3.Bucket(scope, "A", bucket_name={}a{}")\n'
        '    aws_s3.Bucket(scope, "B", bucket_name={}b{}")\n'
    )
    account = "-{Stack.of(scope).account}"
    rewrites(
        code.format("", '"', "", '"', ""), code.format(", Stack", 'f"', account, 'f"', account)
    )


@pytest.mark.parametrize(
    "collision",
    [
        "Stack = object()\n",
        "class Stack: ...\n",
        "def Stack(): ...\n",
        "from mine import Stack\n",
        "from mine import *\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from aws_cdk import Stack\n",
        "def outer(Stack): ...\n",
    ],
)
def test_a_name_that_means_something_else_is_not_shadowed(collision: str) -> None:
    code = (
        f"from aws_cdk import aws_s3\n{collision}\ndef build(scope):\n"
        '    aws_s3.Bucket(scope, "B", bucket_name="logs")\n'
    )
    if collision.startswith("def outer"):
        rewrites(
            code,
            code.replace("import aws_s3", "import aws_s3, Stack").replace(
                '"logs"', 'f"logs-{Stack.of(scope).account}"'
            ),
        )
    else:
        reports(code, "The account is not known here")


HEAD = """
import aws_cdk as cdk
from aws_cdk import Stack, NestedStack, aws_s3
from constructs import Construct
from project.base import BaseStack, Component
"""


@pytest.mark.parametrize(
    ("body", "account"),
    [
        (["class S(Stack):", " def f(self):", "  BUCKET(self)"], "self"),
        (["class S(cdk.NestedStack):", " def f(me):", "  BUCKET(me)"], "me"),
        (["class S(BaseStack):", " def f(self):", "  BUCKET(self)"], "self"),
        (["class A(Stack): ...", "class B(A):", " def f(self):", "  BUCKET(self)"], "self"),
        (["class S(Stack):", " def f(self):", "  def g():", "   BUCKET(self)"], "self"),
        (["class S(Stack):", " def f(self):", "  g = lambda: BUCKET(self)"], "self"),
        (["class S(Stack):", " def f(self):", "  BUCKET(Construct(self, 'C'))"], "self"),
        (["class S(Stack):", " def f(self, other):", "  BUCKET(other)"], "Stack.of(other)"),
        (["class S(Stack):", " def f(self):", "  BUCKET(self.inner)"], "Stack.of(self.inner)"),
        (
            ["class S(Stack):", " @staticmethod", " def f(scope):", "  BUCKET(scope)"],
            "Stack.of(scope)",
        ),
        (["class C(Construct):", " def f(self):", "  BUCKET(self)"], "Stack.of(self)"),
        (["class C(Component):", " def f(self):", "  BUCKET(self)"], "Stack.of(self)"),
        (
            ["class C(Construct):", " def f(self):", "  BUCKET(Construct(self, 'C'))"],
            "Stack.of(self)",
        ),
        (["def f(stack: Stack):", " BUCKET(stack)"], "stack"),
        (["def f(scope: Construct):", " BUCKET(scope)"], "Stack.of(scope)"),
        (["stack = Stack(cdk.App(), 'S')", "BUCKET(stack)"], "stack"),
        (["def f(scope):", " stack = Stack.of(scope)", " BUCKET(stack)"], "stack"),
    ],
)
def test_the_account_is_that_of_the_stack_around_the_bucket(body: list[str], account: str) -> None:
    code = HEAD + "\n".join(body).replace(
        "BUCKET(", 'aws_s3.Bucket(id="B", bucket_name=NAME, scope='
    )
    rewrites(code.replace("NAME", '"logs"'), code.replace("NAME", f'f"logs-{{{account}.account}}"'))


@pytest.mark.parametrize(
    "body",
    [
        "aws_s3.Bucket(*arguments, bucket_name='logs')",
        "aws_s3.Bucket(make(), 'B', bucket_name='logs')",
        "class S:\n    def f(self): aws_s3.Bucket(self.make(), 'B', bucket_name='logs')",
        "class S(Stack):\n @classmethod\n def f(cls): aws_s3.Bucket(x(), 'B', bucket_name='logs')",
    ],
)
def test_where_no_construct_is_certain_it_says_what_the_last_resort_is(body: str) -> None:
    finding = reports(HEAD + body, "The account is not known here")
    assert "Aws.ACCOUNT_ID" in finding.refusal


def test_a_local_name_used_once_goes_into_an_f_string() -> None:
    code = HEAD + (
        "class S(Stack):\n    def f(self):\n        name = 'logs'\n"
        "        aws_s3.Bucket(self, name, bucket_name=NAME)\n"
    )
    rewrites(code.replace("NAME", "name"), code.replace("NAME", "f'{name}-{self.account}'"))


@pytest.mark.parametrize(
    "use", ["print(name)", "arn = f'arn:aws:s3:::{name}/*'", "f = lambda: name"]
)
def test_a_name_that_other_code_uses_is_reported(use: str) -> None:
    reports(
        f"{HEAD}class S(Stack):\n    def f(self):\n        name = 'logs'\n        {use}\n"
        "        aws_s3.Bucket(self, 'B', bucket_name=name)\n",
        "Other code uses `name` too",
    )


def test_an_attribute_may_be_read_in_other_files() -> None:
    reports(
        HEAD + "class S(Stack):\n    def f(self):\n        self.name = 'logs'\n"
        "        aws_s3.Bucket(self, 'B', bucket_name=self.name)\n",
        "Other files may read `self.name`",
    )


@pytest.mark.parametrize(
    ("name", "elsewhere"),
    [
        ('"logs"', '"arn:aws:s3:::logs/*"'),
        ('"logs"', '{"BUCKET": "logs"}'),
        ('"logs"', 's3.Bucket.from_bucket_name(self, "X", "logs")'),
        ('f"logs-{suffix}"', 'f"arn:aws:s3:::logs-{suffix}"'),
        ('f"logs-{suffix}"', '"arn:aws:s3:::logs-{}/*".format(suffix)'),
        ('"logs-%s" % suffix', '"arn:aws:s3:::" + f"logs-{suffix}"'),
        ('"logs-{}".format(suffix)', '"s3://logs-%s/" % suffix'),
    ],
)
def test_a_name_that_is_spelled_again_is_reported(name: str, elsewhere: str) -> None:
    finding = reports(stack(f"bucket_name={name}") + f"        self.x = {elsewhere}\n", "Line 7")
    assert "spells the same name again" in finding.refusal


@pytest.mark.parametrize(
    "other",
    [
        '"logs-of-others"',
        '"old.logs"',
        '"catalogs"',
        's3.Bucket(self, "logs", bucket_name=None)',
        '"""logs"""',
    ],
)
def test_other_texts_do_not_count_as_the_name(other: str) -> None:
    if other.startswith('"""'):
        code = stack('bucket_name="logs"') + f"    {other}\n"
    else:
        code = stack('bucket_name="logs"') + f"        x = {other}\n"
    rewrites(code, code.replace('bucket_name="logs"', 'bucket_name=f"logs-{self.account}"'))


def test_two_buckets_of_one_name_are_both_fixed() -> None:
    code = stack('bucket_name=NAME) if suffix else s3.CfnBucket(self, "Other", bucket_name=NAME')
    rewrites(code.replace("NAME", '"logs"'), code.replace("NAME", 'f"logs-{self.account}"'))


@pytest.mark.parametrize(
    "name",
    [
        'f"logs-{self.account}"',
        'f"logs-{Stack.of(self).account}"',
        'f"logs-{Aws.ACCOUNT_ID}"',
        'Fn.sub("logs-${AWS::AccountId}")',
        'f"logs-{account_id}"',
        "f\"logs-{config['account']}\"",
        "f\"logs-{os.environ['CDK_DEFAULT_ACCOUNT']}\"",
        "f\"logs-{self.node.try_get_context('account_id')}\"",
        'f"logs-{uuid.uuid4()}"',
        '"logs-" + "".join(random.sample("abc", 3))',
        '"logs-{}".format(kwargs["env"].account)',
        "PhysicalName.GENERATE_IF_NEEDED",
        "None",
    ],
)
def test_it_leaves_unique_names(name: str) -> None:
    leaves("from aws_cdk import Aws, Fn, PhysicalName\n" + stack(f"bucket_name={name}"))


@pytest.mark.parametrize(
    "body",
    [
        "account = self.account\n        name = f'logs-{account}'",
        "a = self.account\n        name = f'logs-{a}'",
        "a = self.account if suffix else 'x'\n        name = f'logs-{a}'",
        "name = 'logs'\n        name += self.account",
        (
            "if suffix:\n            a = 'dev'\n        else:\n            a = self.account\n"
            "        name = f'logs-{a}'"
        ),
        (
            "name = 0\n    def named(self, x):\n        return f'{x}-{self.account}'\n"
            "    def g(self):\n        name = self.named('logs')"
        ),
    ],
)
def test_it_follows_names_to_the_account(body: str) -> None:
    leaves(
        f"{HEAD}class S(Stack):\n    def f(self, suffix):\n        {body}\n"
        "        aws_s3.Bucket(self, 'B', bucket_name=name)\n"
    )


@pytest.mark.parametrize(
    "call",
    [
        's3.Bucket(self, "B")',
        's3.Bucket.from_bucket_name(self, "B", bucket_name="logs")',
        's3.Bucket.from_bucket_attributes(self, "B", bucket_name="logs")',
        's3.Bucket(self, "B", bucket_name="logs", bucket_namespace=s3.BucketNamespace.X)',
        's3.Bucket(self, "B", bucket_name_prefix="logs")',
        's3.BucketPolicy(self, "B", bucket_name="logs")',
        's3.Bucket(self, "B", **kwargs)',
    ],
)
def test_it_leaves_buckets_that_are_not_named_here(call: str) -> None:
    leaves(stack("") + f"        {call}\n")


def test_an_account_in_a_fixed_part_alone_is_no_account() -> None:
    rewrites(
        stack('bucket_name="user-account"'), stack('bucket_name=f"user-account-{self.account}"')
    )


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ('bucket_name="logs", website_index_document="index.html"', "website"),
        ('bucket_name="logs.example.com"', "dots"),
        ('bucket_name=f"{suffix}.example.com"', "dots"),
        ('bucket_name=f"logs-{suffix}"[:20]', "slice"),
        ('bucket_name=("logs-" + suffix)[:63]', "slice"),
        (f'bucket_name="{"a" * 51}"', "51 fixed characters"),
        ('bucket_name="My_Logs"', "S3 refuses"),
        ("bucket_name=suffix", "comes from elsewhere"),
        ('bucket_name=f"{construct_id}-{suffix}"', "comes from elsewhere"),
        ('bucket_name=self.node.try_get_context("name")', "comes from elsewhere"),
        ('bucket_name=suffix or "logs"', "comes from elsewhere"),
        ('bucket_name="logs" if suffix else None', "chooses whether"),
        ('**{"bucket_name": "logs"}', "unpacked from a dict"),
        ('**dict(bucket_name="logs")', "unpacked from a dict"),
    ],
)
def test_it_reports_names_that_it_must_not_change(arguments: str, reason: str) -> None:
    reports(stack(arguments), reason)


def test_fifty_characters_leave_room_for_the_account() -> None:
    name = "a" * 50
    rewrites(stack(f'bucket_name="{name}"'), stack(f'bucket_name=f"{name}-{{self.account}}"'))


def test_the_region_is_appended_where_it_is_asked_for() -> None:
    with_region(
        stack('bucket_name="logs"'), stack('bucket_name=f"logs-{self.account}-{self.region}"')
    )
    with_region(
        stack('bucket_name=f"logs-{self.region}"'),
        stack('bucket_name=f"logs-{self.region}-{self.account}"'),
    )
    no_room(stack(f'bucket_name="{"a" * 36}"'), "only 35 leave room")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('bucket_name="logs", versioned=True', "versioned=True"),
        ('versioned=True, bucket_name="logs"', "versioned=True"),
        ('versioned=True, bucket_name="logs",', "versioned=True,"),
        (
            '\n            a=1,\n            bucket_name="logs",\n            b=2,\n        ',
            "\n            a=1,\n            b=2,\n        ",
        ),
        (
            '\n            a=1,\n            bucket_name="logs"\n        ',
            "\n            a=1,\n        ",
        ),
        (
            '\n            a=1,\n            bucket_name="logs",  # me\n            b=2\n        ',
            "\n            a=1,\n            # me\n            b=2\n        ",
        ),
        ('versioned=True,\n                  bucket_name="logs"', "versioned=True"),
        (
            'versioned=True,  # a, b\n                  bucket_name="logs"',
            "versioned=True,  # a, b\n                  ",
        ),
        (
            'bucket_name="logs",\n                  versioned=True',
            "\n                  versioned=True",
        ),
        (
            'versioned=True,\n                  bucket_name=(  # c\n  "logs"\n), public=False',
            "versioned=True,\n                  public=False",
        ),
        ('bucket_name=f"{construct_id}-logs"[:9], a=1', "a=1"),
        (f'bucket_name="{"a" * 60}", a=1', "a=1"),
    ],
)
def test_the_name_can_be_dropped_instead(before: str, after: str) -> None:
    spaces = stack(after)
    if after.startswith("\n                  v"):
        spaces = spaces.replace('"AuditLogs", \n', '"AuditLogs",\n')
    drops(stack(before), spaces)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ('bucket_name="logs", website_index_document="index.html"', "website"),
        ('bucket_name="example.com"', "dots"),
        ("bucket_name=suffix", "comes from elsewhere"),
    ],
)
def test_a_name_that_others_go_by_is_not_dropped(arguments: str, reason: str) -> None:
    keeps(stack(arguments), reason)
    keeps(stack('bucket_name="logs"') + '        arn = "arn:aws:s3:::logs"\n', "spells the same")


def test_dropping_the_name_changes_the_name_and_nothing_else(bench: Bench) -> None:
    code = stack('bucket_name="logs", removal_policy=RemovalPolicy.DESTROY')
    policy = Policy(select=frozenset({NAME}), options={NAME: {"fix": "drop-name"}})
    fixed = fix(code.encode(), "stack.py", policy, unsafe=True).source.decode()
    (old,), (new,) = (bench.stacks(text).values() for text in (code, fixed))
    ((path, change),) = differences(old, new).items()
    assert path.endswith(".Properties")
    assert change == ({"BucketName": "logs"}, None)


@pytest.mark.parametrize(
    ("arguments", "fate"),
    [
        ("", "stays behind with its data"),
        ("removal_policy=RemovalPolicy.RETAIN", "stays behind with its data"),
        ("removal_policy=RemovalPolicy.DESTROY", "is deleted if it is empty"),
        (
            "removal_policy=RemovalPolicy.DESTROY, auto_delete_objects=True",
            "is deleted with its data",
        ),
        ("removal_policy=policy", "depends on `policy`"),
    ],
)
def test_it_says_what_becomes_of_the_old_bucket(arguments: str, fate: str) -> None:
    (finding,) = Verbs(NAME).finds(stack(f'bucket_name="logs", {arguments}'))
    assert finding.fix is not None
    assert finding.fix.safety is Safety.UNSAFE
    assert finding.fix.replaces == ("AWS::S3::Bucket",)
    assert fate in finding.fix.reason
    assert "exports the bucket's ARN" in finding.fix.reason


def test_a_bare_cfn_bucket_is_not_retained() -> None:
    (finding,) = Verbs(NAME).finds(
        stack('"x"').replace(
            's3.Bucket(self, "AuditLogs", "x")', 's3.CfnBucket(self, "B", bucket_name="logs")'
        )
    )
    assert finding.fix is not None
    assert "is deleted if it is empty" in finding.fix.reason


def test_a_construct_and_an_agnostic_stack_get_the_account_too(bench: Bench) -> None:
    code = """
from aws_cdk import aws_s3
from constructs import Construct

class Storage(Construct):
    def __init__(self, scope, construct_id):
        super().__init__(scope, construct_id)
        aws_s3.Bucket(self, "B", bucket_name="logs")
"""
    fixed = fix(code.encode(), "stack.py", unsafe=True).source.decode()
    (template,) = bench.stacks(fixed, env=None).values()
    (bucket,) = (
        item["Properties"]
        for item in template["Resources"].values()
        if item["Type"] == "AWS::S3::Bucket"
    )
    assert bucket["BucketName"] == {"Fn::Join": ["", ["logs-", {"Ref": "AWS::AccountId"}]]}
