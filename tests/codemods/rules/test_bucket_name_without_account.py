from __future__ import annotations

import pytest

from codemods import Policy, Safety, fix
from tests.codemods.rules.stacks import bucket_stack as stack
from tests.codemods.rules.verbs import Verbs, verbs
from tests.synthesis import Bench, differences

NAME = "bucket-name-without-account"
rewrites, leaves, reports = verbs(NAME)
drops, _leaves, keeps = verbs(NAME, {"fix": "drop-name"})
with_region, _leaves, no_room = verbs(NAME, {"append": ["account", "region"]})

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
    ('"logs-" + suffix[:3]', '"logs-" + suffix[:3] + f"-{self.account}"'),
    ('f"logs-{suffix[:3]}"', 'f"logs-{suffix[:3]}-{self.account}"'),
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


HEAD = """
import aws_cdk as cdk
from aws_cdk import Stack, NestedStack, aws_s3
from constructs import Construct
from project.base import BaseStack, Component
"""


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


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ('bucket_name="logs", website_index_document="index.html"', "website"),
        ('bucket_name="logs.example.com"', "dots"),
        ('bucket_name=f"{suffix}.example.com"', "dots"),
        ('bucket_name=f"logs-{suffix}"[:20]', "slice"),
        ('bucket_name=("logs-" + suffix)[:63]', "slice"),
        (f'bucket_name="{"a" * 51}"', "51 fixed characters"),
        ('bucket_name=f"logs-of-payment-{self.node.addr}"', "58 fixed characters"),
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
        ("removal_policy=RemovalPolicy.SNAPSHOT", "depends on `RemovalPolicy.SNAPSHOT`"),
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


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("'logs'", "`logs` is the same in every account."),
        ("name", "The bucket's name comes from elsewhere and may be the same in every account."),
    ],
)
def test_it_says_whether_the_name_is_known_to_be_shared(name: str, said: str) -> None:
    (finding,) = Verbs("bucket-name-without-account").finds(stack(f"bucket_name={name}"))
    assert finding.message.startswith(said)


def test_keyword_arguments_from_elsewhere_say_nothing() -> None:
    leaves(stack("**given") + "# bucket_name\n")


@pytest.mark.parametrize(
    "beside",
    [
        'dynamodb.Table(self, "T", table_name="logs")',
        's3.CfnBucket(self, "C", bucket_name="logs")',
    ],
)
def test_what_another_construct_is_called_does_not_find_the_bucket(beside: str) -> None:
    text = stack('bucket_name="logs"').replace(
        "aws_s3 as s3", "aws_dynamodb as dynamodb, aws_s3 as s3"
    )
    found = Verbs(NAME).finds(f"{text}        {beside}\n")
    assert all(finding.fix is not None for finding in found)


@pytest.mark.parametrize(
    "beside",
    [
        'dynamodb.Table(self, "T", index_name="logs")',
        'read(self, "T", table_name="logs")',
        'print("logs")',
        's3.Bucket.from_bucket_name(self, "C", bucket_name="logs")',
    ],
)
def test_what_may_find_the_bucket_by_its_name_keeps_the_name(beside: str) -> None:
    text = stack('bucket_name="logs"').replace(
        "aws_s3 as s3", "aws_dynamodb as dynamodb, aws_s3 as s3"
    )
    reports(f"{text}        {beside}\n", "spells the same name again")
