"""What differs in every run is no effect of a change."""

from __future__ import annotations

from typing import Any

from codemods.proof.comparison import Outcome, compare
from codemods.proof.restless import steady
from tests.codemods.proof.made import queue


def stack(**resources: Any) -> dict[str, Any]:
    return {"Stack": {"Resources": resources}}


def bucket(name: str, **properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name, **properties}}


def test_only_the_restless_property_is_left_out_and_the_outcome_is_that_of_the_rest() -> None:
    found = compare(stack(B=bucket("logs-1")), stack(B=bucket("logs-2", Tags=[1])))
    again = compare(stack(B=bucket("logs-1")), stack(B=bucket("logs-3")))
    kept, names = steady(found, again)
    (change,) = kept.changes
    assert (change.names, change.outcome) == (("AWS::S3::Bucket.Tags",), Outcome.CHANGED)
    assert names == ("Stack: B.BucketName",)


def test_a_resource_that_only_differs_restlessly_is_left_out() -> None:
    pair = compare(stack(B=bucket("1")), stack(B=bucket("2")))
    assert steady(pair, pair)[0].changes == ()


def test_what_gets_another_id_in_every_run_is_left_out_by_its_type() -> None:
    found = compare(stack(A1=queue()), stack(A2=queue(), B=bucket("new")))
    again = compare(stack(A1=queue()), stack(A3=queue()))
    kept, names = steady(found, again)
    assert [change.resource for change in kept.changes] == ["B"]
    assert names == ("Stack: AWS::SQS::Queue",)


def test_outputs_and_exports_can_be_restless_too() -> None:
    def net(value: str) -> dict[str, Any]:
        outputs = {"Name": {"Value": value, "Export": {"Name": "n"}}}
        importing = {"Resources": {"Q": queue(Tags=[{"Fn::ImportValue": "n"}])}}
        return {"Net": {"Outputs": outputs}, "App": importing}

    kept, names = steady(compare(net("1"), net("2")), compare(net("1"), net("3")))
    assert (kept.changes, kept.others, kept.broken) == ((), (), ())
    assert names == ("Net: Outputs.Name",)


def test_what_only_the_change_does_is_kept() -> None:
    found = compare(stack(B=bucket("a")), stack(B=bucket("b")))
    assert steady(found, compare({}, {})) == (found, ())
