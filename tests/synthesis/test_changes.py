"""How the differences of two templates are named."""

from tests.synthesis.changes import changes, create_only, replaced


def template(**resources: object) -> dict[str, dict[str, object]]:
    return {"Stack": {"Resources": resources}}


def bucket(name: str, **attributes: object) -> dict[str, object]:
    return {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}, **attributes}


def test_a_property_is_named_by_its_type() -> None:
    before, after = template(Logs=bucket("a")), template(Logs=bucket("b", DependsOn=["Key"]))
    assert changes(before, after) == {"AWS::S3::Bucket.BucketName", "AWS::S3::Bucket.DependsOn"}


def test_the_first_and_the_last_property_are_properties() -> None:
    bare = {"Type": "AWS::S3::Bucket"}
    assert changes(template(Logs=bare), template(Logs=bucket("a"))) == {
        "AWS::S3::Bucket.BucketName"
    }
    assert changes(template(Logs=bucket("a")), template(Logs=bare)) == {
        "AWS::S3::Bucket.BucketName"
    }


def test_a_new_resource_is_its_type() -> None:
    assert changes(template(), template(Logs=bucket("a"))) == {"AWS::S3::Bucket"}
    assert changes({"Stack": {}}, template(Logs=bucket("a"))) == {"AWS::S3::Bucket"}


def test_what_is_gone_or_no_resource_is_its_path() -> None:
    assert changes(template(Logs=bucket("a")), template()) == {"Resources.Logs"}
    assert changes({"Stack": {}}, {"Stack": {"Outputs": {"Name": 1}}}) == {"Outputs"}


def test_a_change_of_what_is_create_only_replaces() -> None:
    assert "BucketName" in create_only("AWS::S3::Bucket")
    assert replaced({"AWS::S3::Bucket.BucketName", "AWS::EC2::Route.NatGatewayId"}) == {
        "AWS::S3::Bucket"
    }
