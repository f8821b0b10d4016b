"""What differs between two syntheses, and what CloudFormation would make of it."""

from __future__ import annotations

from typing import Any

import pytest

from codemods.proof.comparison import Difference, Outcome, compare


def stack(**resources: Any) -> dict[str, Any]:
    return {"Stack": {"Resources": resources}}


def bucket(name: object, **attributes: Any) -> dict[str, Any]:
    return {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}, **attributes}


def of_kind(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": kind, "Properties": properties}


def outcomes(before: Any, after: Any) -> list[tuple[str, str]]:
    found = compare(before, after)
    return [(change.resource, change.outcome.value) for change in found.changes]


def test_equal_templates_do_not_differ() -> None:
    assert compare(stack(Logs=bucket("a")), stack(Logs=bucket("a"))) == compare({}, {})


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        ({}, {"Logs": bucket("a")}, Outcome.ADDED),
        ({"Logs": bucket("a")}, {}, Outcome.REMOVED),
        ({"Logs": bucket("a")}, {"Logs": bucket("b")}, Outcome.REPLACED),
        ({"Logs": bucket("a")}, {"Logs": bucket("a", DependsOn=["Key"])}, Outcome.CHANGED),
        ({"Logs": bucket("a")}, {"Logs": of_kind("AWS::SQS::Queue")}, Outcome.REPLACED),
        (
            {"Db": of_kind("AWS::RDS::DBInstance", Engine="mysql")},
            {"Db": of_kind("AWS::RDS::DBInstance", Engine="mariadb")},
            Outcome.MAYBE_REPLACED,
        ),
    ],
)
def test_the_outcome_is_what_cloudformation_would_do(
    before: dict[str, Any], after: dict[str, Any], outcome: Outcome
) -> None:
    (change,) = compare(stack(**before), stack(**after)).changes
    assert change.outcome is outcome


def test_a_property_deep_inside_is_create_only() -> None:
    before = of_kind("AWS::Batch::ComputeEnvironment", ComputeResources={"SpotIamFleetRole": "a"})
    after = of_kind("AWS::Batch::ComputeEnvironment", ComputeResources={"SpotIamFleetRole": "b"})
    assert outcomes(stack(Env=before), stack(Env=after)) == [("Env", "replaced")]


def test_an_attribute_that_stays_is_no_difference() -> None:
    before, after = bucket("a", DependsOn=["Key"]), bucket("b", DependsOn=["Key"])
    (change,) = compare(stack(Logs=before), stack(Logs=after)).changes
    assert change.names == ("AWS::S3::Bucket.BucketName",)


def test_metadata_is_no_difference() -> None:
    before = stack(M=of_kind("AWS::CDK::Metadata", Analytics="a"), Logs=bucket("a", Metadata=1))
    after = stack(M=of_kind("AWS::CDK::Metadata", Analytics="b"), Logs=bucket("a", Metadata=2))
    assert outcomes(before, after) == []


def test_the_address_of_a_nested_template_follows_from_its_content() -> None:
    def nested(digit: str, bucket_name: str = "assets") -> dict[str, Any]:
        url = {"Fn::Join": ["", ["https://", bucket_name, f"/{digit * 64}.json"]]}
        return of_kind("AWS::CloudFormation::Stack", TemplateURL=url)

    assert outcomes(stack(N=nested("a")), stack(N=nested("b"))) == []
    assert outcomes(stack(N=nested("a")), stack(N=nested("a", "other"))) == [("N", "changed")]


def test_what_is_no_resource_is_named_by_its_path() -> None:
    before = {"Stack": {"Outputs": {"Url": {"Value": 1}, "Id": {"Value": 1}}, "Transform": "a"}}
    after = {"Stack": {"Outputs": {"Url": {"Value": 2}, "Id": {"Value": 1}}, "Transform": "b"}}
    found = compare(before, after)
    assert [other.path for other in found.others] == ["Outputs.Url", "Transform"]
    assert compare(before, before).others == ()


def test_a_stack_that_only_one_side_has_is_a_difference() -> None:
    assert [(it.stack, it.before, it.after) for it in compare(stack(), {}).others] == [
        ("Stack", True, None)
    ]
    assert [(it.stack, it.before, it.after) for it in compare({}, stack()).others] == [
        ("Stack", None, True)
    ]


def test_an_export_breaks_only_where_a_stack_imports_it() -> None:
    def exporting(value: str) -> dict[str, Any]:
        outputs = {
            "Name": {"Value": value, "Export": {"Name": "net:name"}},
            "Unused": {"Value": value, "Export": {"Name": "net:unused"}},
            "Dynamic": {"Value": value, "Export": {"Name": {"Ref": "AWS::Region"}}},
        }
        return {"Outputs": outputs, "Resources": {}}

    importing = {
        "Resources": {"Q": of_kind("AWS::SQS::Queue", Tags=[{"Fn::ImportValue": "net:name"}])}
    }
    found = compare(
        {"Net": exporting("a"), "App": importing}, {"Net": exporting("b"), "App": importing}
    )
    assert [(it.name, it.stack, it.used_by) for it in found.broken] == [
        ("net:name", "Net", ("App",))
    ]


def test_the_innermost_differences_are_named_by_their_paths() -> None:
    before = {"Same": 1, "List": [1, {"A": 1}], "Grown": [1, 2], "Old": 1}
    after = {"Same": 1, "List": [1, {"A": 2}], "Grown": [2, 3, 4], "Old": None}
    leaves = [(it.name, it.before, it.after) for it in Difference("P", before, after).leaves()]
    assert leaves == [
        ("P.Grown", 1, None),
        ("P.Grown", None, 3),
        ("P.Grown", None, 4),
        ("P.List[1].A", 1, 2),
        ("P.Old", 1, None),
    ]
