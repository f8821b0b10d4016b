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


def bucket(name: str, more: str = "", **settings: Any) -> Form:
    code = f'suffix = "dev"\ns3.Bucket(SCOPE, "Logs", bucket_name={name}{more})'
    return Form(code, CHANGES, **settings)


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
    "a name used once": Form('name = "logs"\ns3.Bucket(SCOPE, "Logs", bucket_name=name)', CHANGES),
    "the resource itself": Form('s3.CfnBucket(SCOPE, "Logs", bucket_name="logs")', CHANGES),
    "with its scope named": Form(
        's3.Bucket(scope=SCOPE, id="Logs", bucket_name="logs", versioned=True)', CHANGES
    ),
}
FORMS = APPENDING | {
    f"{name}, agnostic of the account": dataclasses.replace(form, agnostic=True)
    for name, form in APPENDING.items()
}
OPTIONS = {
    "the region as well": bucket(
        '"logs"',
        options={"append": ["account", "region"]},
        expected="logs-{account}-{region}".format(**ENVIRONMENT),
    ),
    "no name": bucket('"logs"', ", versioned=True", options={"fix": "drop-name"}),
}


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
def test_the_account_follows_the_name(bench: Bench, form: str) -> None:
    def then(pair: Pair) -> None:
        ((before, after),) = pair.values(BUCKET, "BucketName")
        if FORMS[form].agnostic:
            assert after == {"Fn::Join": ["", [f"{before}-", {"Ref": "AWS::AccountId"}]]}
        else:
            assert after == f"{before}-{ENVIRONMENT['account']}"

    prove(bench, RULE, FORMS, form, then)


@pytest.mark.slow
@pytest.mark.parametrize("form", OPTIONS)
def test_an_option_says_what_becomes_of_the_name(bench: Bench, form: str) -> None:
    def then(pair: Pair) -> None:
        assert list(pair.values(BUCKET, "BucketName")) == [("logs", OPTIONS[form].expected)]

    prove(bench, RULE, OPTIONS, form, then)


@pytest.mark.slow
@pytest.mark.parametrize("form", LEFT)
def test_what_is_right_or_refused_stays(bench: Bench, form: str) -> None:
    spare(bench, RULE, LEFT, form)


def test_the_rule_declares_nothing_that_no_form_changes() -> None:
    assert unused(RULE, FORMS) == set()
