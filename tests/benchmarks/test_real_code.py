"""Measuring real code."""

from pathlib import Path

from benchmarks.real_code import copy_cdk_files


def test_the_files_that_name_the_cdk_are_copied_to_where_they_were(tmp_path: Path) -> None:
    repository, copy = tmp_path / "repository", tmp_path / "copy"
    for name, text in (
        ("app.py", "import aws_cdk\n"),
        ("infra/stack.py", "from aws_cdk import Stack\n"),
        ("service/handler.py", "import boto3\n"),
        ("README.md", "aws_cdk\n"),
    ):
        path = repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    copy_cdk_files(repository, copy)
    assert sorted(path for path in copy.rglob("*") if path.is_file()) == [
        copy / "app.py",
        copy / "infra/stack.py",
    ]
