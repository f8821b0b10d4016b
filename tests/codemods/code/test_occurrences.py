from __future__ import annotations

import pytest

from tests.codemods.rules.stacks import bucket_stack as stack
from tests.codemods.rules.verbs import verbs

rewrites, _leaves, reports = verbs("bucket-name-without-account")


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
        ('"logs"', 'mine.Table(self, "T", table_name="logs")'),
        ('"logs"', 'cloudtrail.CfnTrail(self, "T", s3_bucket_name="logs")'),
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
        'aws_dynamodb.Table(self, "T", table_name="logs")',
        'aws_logs.LogGroup(self, "T", log_group_name="logs")',
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


def test_an_attribute_of_a_text_that_is_not_called_is_no_name() -> None:
    code = stack('bucket_name="logs"') + '        x = "logs".upper\n'
    reports(code, "Line 7 spells the same name again")
