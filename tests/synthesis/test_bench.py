"""The bench itself: what it synthesizes, and how it says that something went wrong."""

import pytest

from tests.synthesis import Bench, SynthesisError, differences

BUCKET = """
import aws_cdk as cdk
from aws_cdk import aws_s3 as s3


class Logs(cdk.Stack):
    def __init__(self, scope, construct_id, *, name="logs", **kwargs):
        super().__init__(scope, construct_id, **kwargs)
        s3.Bucket(self, "Bucket", bucket_name=f"{name}-{self.account}")
"""


def name_of_bucket(template: dict[str, object]) -> object:
    resources = template["Resources"]
    assert isinstance(resources, dict)
    (bucket,) = resources.values()
    return bucket["Properties"]["BucketName"]


def test_every_stack_of_a_module_is_built_with_the_arguments_given(bench: Bench) -> None:
    templates = bench.stacks(BUCKET, name="audit")
    assert list(templates) == ["Logs"]
    assert name_of_bucket(templates["Logs"]) == "audit-111122223333"


def test_a_stack_can_be_agnostic_of_its_account(bench: Bench) -> None:
    templates = bench.stacks(BUCKET, env=None)
    assert name_of_bucket(templates["Logs"]) == {
        "Fn::Join": ["", ["logs-", {"Ref": "AWS::AccountId"}]]
    }


def test_a_construct_that_is_no_stack_is_built_inside_one(bench: Bench) -> None:
    source = (
        "from aws_cdk import aws_sqs as sqs\nfrom constructs import Construct\n\n\n"
        "class Inbox(Construct):\n    def __init__(self, scope, construct_id):\n"
        "        super().__init__(scope, construct_id)\n        sqs.Queue(self, 'Queue')\n"
    )
    (resource,) = bench.stacks(source)["Inbox"]["Resources"].values()
    assert resource["Type"] == "AWS::SQS::Queue"


def test_code_that_does_not_synthesize_says_why_and_the_next_does(bench: Bench) -> None:
    with pytest.raises(SynthesisError, match="NAT"):
        bench.stacks("raise RuntimeError('NAT')")
    assert "Logs" in bench.stacks(BUCKET)


def test_apps_that_follow_each_other_share_no_module(bench: Bench) -> None:
    app = (
        "import aws_cdk\nfrom stacks import NAME\n\napp = aws_cdk.App()\naws_cdk.Stack(app, NAME)\n"
    )
    app += "app.synth()\n"
    for name in ("First", "Second"):
        assert list(bench.app({"app.py": app, "stacks.py": f"NAME = {name!r}\n"})) == [name]


def test_the_context_of_an_app_comes_from_its_file_and_from_the_caller(bench: Bench) -> None:
    app = (
        "import aws_cdk\n\napp = aws_cdk.App()\n"
        "aws_cdk.Stack(app, '-'.join(app.node.try_get_context(key) for key in 'ab'))\napp.synth()\n"
    )
    files = {"app.py": app, "cdk.json": '{"context": {"a": "file", "b": "file"}}'}
    assert list(bench.app(files, {"b": "caller"})) == ["file-caller"]


def test_differences_are_listed_by_path() -> None:
    before = {"Same": 1, "Old": {"A": 1}, "List": [1, {"B": 2}], "Grown": [1]}
    after = {"Same": 1, "New": {"A": 1}, "List": [1, {"B": 3}], "Grown": [1, 2]}
    assert differences(before, after) == {
        "Old": ({"A": 1}, None),
        "New": (None, {"A": 1}),
        "List[1].B": (2, 3),
        "Grown": ([1], [1, 2]),
    }
