"""What `bucket-name-without-account` changes in a template."""

import dataclasses
from typing import Any

import pytest

from tests.matrix.forms import Form
from tests.matrix.proof import Pair, prove, spare, unused
from tests.synthesis import ENVIRONMENT, Bench

RULE = "bucket-name-without-account"
BUCKET = "AWS::S3::Bucket"
CHANGES = ("AWS::S3::Bucket.BucketName",)


def literal(name: str) -> object:
    return f"{name}-{ENVIRONMENT['account']}"


def joined(name: str) -> object:
    return {"Fn::Join": ["", [f"{name}-", {"Ref": "AWS::AccountId"}]]}


def with_region(name: str) -> object:
    return f"{literal(name)}-{ENVIRONMENT['region']}"


def dropped(_: str) -> object:
    return None


def bucket(name: str, more: str = "", **settings: Any) -> Form:
    """A named bucket; expected is what its name becomes."""
    code = f'suffix = "dev"\ns3.Bucket(SCOPE, "Logs", bucket_name={name}{more})'
    return Form(code, CHANGES, **{"expected": literal, **settings})


APPENDING = {
    "a literal": bucket('"logs"'),
    "an f-string": bucket('f"logs-{suffix}"'),
    "pieces side by side": bucket('"logs-" f"{suffix}"'),
    "a sum": bucket('"logs-" + suffix'),
    "a percent sign": bucket('"logs-%s" % suffix'),
    "a call of format": bucket('"logs-{}".format(suffix)'),
    "a call of join": bucket('"-".join(["logs", suffix])'),
    "a call of lower": bucket('f"Logs-{suffix}".lower()'),
    "a choice": bucket('"logs" if suffix else "other"'),
    "a name used once": Form(
        'name = "logs"\ns3.Bucket(SCOPE, "Logs", bucket_name=name)', CHANGES, expected=literal
    ),
    "the resource itself": Form(
        's3.CfnBucket(SCOPE, "Logs", bucket_name="logs")', CHANGES, expected=literal
    ),
    "with its scope named": Form(
        's3.Bucket(scope=SCOPE, id="Logs", bucket_name="logs", versioned=True)',
        CHANGES,
        expected=literal,
    ),
}
AGNOSTIC = {
    f"{name}, agnostic of the account": dataclasses.replace(form, agnostic=True, expected=joined)
    for name, form in APPENDING.items()
}
OPTIONS = {
    "the region as well": bucket(
        '"logs"', options={"append": ["account", "region"]}, expected=with_region
    ),
    "no name": bucket('"logs"', options={"fix": "drop-name"}, expected=dropped),
}
FORMS = APPENDING | AGNOSTIC | OPTIONS


def left(name: str, refusal: str = "", more: str = "", then: str = "") -> Form:
    code = f'SCOPE.node.path\ns3.Bucket(SCOPE, "Logs", bucket_name={name}{more})\n{then}'
    return Form(code, expected=refusal)


LEFT = {
    "the account": left('f"logs-{core.Stack.of(SCOPE).account}"'),
    "the token": left('f"logs-{core.Aws.ACCOUNT_ID}"'),
    "a pseudo parameter": left('core.Fn.sub("logs-${AWS::AccountId}")'),
    "none": left("None"),
    "the CDK's choice": left("core.PhysicalName.GENERATE_IF_NEEDED"),
    "a domain": left('"logs.example.com"', "must equal a domain"),
    "a website": left('"logs"', "website", ', website_index_document="index.html"'),
    "a slice": left('"logs-of-payments"[:7]', "slice"),
    "a long name": left(f'"{"logs" * 13}"', "52 fixed characters"),
    "a name that is spelled again": left(
        '"logs"', "spells the same", then='arn = "arn:aws:s3:::logs/*"'
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_the_name_becomes_unique_and_nothing_else_changes(bench: Bench, form: str) -> None:
    def then(pair: Pair) -> None:
        ((before, after),) = pair.values(BUCKET, "BucketName")
        assert after == FORMS[form].expected(before)

    prove(bench, RULE, FORMS, form, then)


@pytest.mark.slow
@pytest.mark.parametrize("form", LEFT)
def test_what_is_right_or_refused_stays(bench: Bench, form: str) -> None:
    spare(bench, RULE, LEFT, form)


def test_the_rule_declares_nothing_that_no_form_changes() -> None:
    assert unused(RULE, FORMS) == set()
