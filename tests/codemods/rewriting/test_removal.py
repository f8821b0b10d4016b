from __future__ import annotations

import pytest

from codemods import Policy, fix
from tests.codemods.rules.stacks import bucket_stack as stack
from tests.codemods.rules.verbs import verbs
from tests.synthesis import Bench, differences

NAME = "bucket-name-without-account"
drops, _leaves, keeps = verbs(NAME, {"fix": "drop-name"})


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
            'versioned=True,\n                  bucket_name=(\n  "logs"\n), public=False',
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
    "arguments",
    [
        'bucket_name=(  # ours\n            "logs"\n        )',
        'bucket_name="logs"  # ours\n        ,',
    ],
)
def test_an_argument_with_a_comment_inside_is_not_removed(arguments: str) -> None:
    keeps(stack(arguments), "a comment stands inside the argument")


def test_a_hash_in_a_text_is_no_comment() -> None:
    drops(stack('bucket_name="logs" if "#" else "b", a=1'), stack("a=1"))
