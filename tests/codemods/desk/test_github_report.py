"""Workflow commands, read as the runner of GitHub Actions reads them."""

from __future__ import annotations

import re

import pytest

from tests.codemods.conftest import CLEAN, REPORTED, SAFE, UNSAFE, Desk

COMMAND = re.compile(r"::(?P<name>\w+) (?P<properties>[^:]*)::(?P<message>.*)")


def commands(desk: Desk, *arguments: str) -> list[tuple[str, dict[str, str], str]]:
    """What the runner understands: each command's name, properties and message."""
    found = []
    for line in desk.run("check", "--format", "github", *arguments).out.splitlines():
        match = COMMAND.fullmatch(line)
        if match:
            pairs = (pair.split("=", 1) for pair in match["properties"].split(","))
            properties = {name: _read(value) for name, value in pairs}
            found.append((match["name"], properties, _read(match["message"])))
    return found


def _read(text: str) -> str:
    for escape, character in {"0D": "\r", "0A": "\n", "3A": ":", "2C": ","}.items():
        text = text.replace(f"%{escape}", character)
    return text.replace("%25", "%")


def test_a_finding_is_an_annotation_on_its_place(desk: Desk) -> None:
    desk.write({"stack.py": SAFE})
    ((name, properties, message),) = commands(desk)
    assert name == "error"
    assert properties == {
        "file": "stack.py",
        "line": "3",
        "endLine": "3",
        "col": "47",
        "endColumn": "48",
        "title": "shared-nat-gateway (critical)",
    }
    mistake, fix, address = message.split("\n\n")
    assert mistake.startswith("1 NAT gateway serves 3")
    assert fix.startswith("Safe fix: Use one NAT gateway for each availability zone (3). It adds")
    assert address.startswith("https://docs.aws.amazon.com/")


def test_what_cannot_be_fixed_says_why(desk: Desk) -> None:
    desk.write({"stack.py": REPORTED})
    ((_, _, message),) = commands(desk)
    assert "\n\nNo fix: A `nat_gateway_provider` decides" in message


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (SAFE, "error"),
        (UNSAFE, "warning"),
        ("import aws_cdk.aws_dynamodb as d\nd.Table(s, 'T').grant_read_data(role)\n", "notice"),
    ],
)
def test_the_command_follows_the_level(desk: Desk, text: str, name: str) -> None:
    desk.write({"stack.py": text})
    assert [command for command, _, _ in commands(desk)] == [name]


def test_columns_are_left_out_where_the_code_spans_lines(desk: Desk) -> None:
    spread = "import aws_cdk.aws_iam as iam\nrole = iam.Role(s, 'R',\n  assumed_by=iam.Service"
    desk.write({"stack.py": spread + 'Principal("lambda.amazonaws.com"))\n'})
    ((_, properties, _),) = commands(desk, "--select", "missing-explicit-deny")
    assert (properties["line"], properties["endLine"]) == ("2", "3")
    assert not properties.keys() & {"col", "endColumn"}


def test_no_name_and_no_comment_can_end_a_command(desk: Desk) -> None:
    hostile = "a,b:c%0A\n::error::d.py"
    text = SAFE.replace("1)", "1)  # single\x1b%0A::error::x")
    desk.write({hostile.replace("/", "_"): text})
    found = commands(desk)
    assert len(found) == 1
    assert found[0][1]["file"] == hostile
    assert '"single\\x1b%0A::error::x"' in found[0][2]


def test_troubles_and_notes_are_annotations_too(desk: Desk) -> None:
    unused = CLEAN + "# cdk-medic: ignore[shared-nat-gateway]\n"
    desk.write({"bad.py": "import aws_cdk.aws_ec2.Vpc\ndef nat_gateways(", "unused.py": unused})
    trouble, note = commands(desk)
    assert trouble == (
        "error",
        {"file": "bad.py", "line": "2", "title": "not analysed"},
        "line 2: '(' was never closed",
    )
    assert note[1] == {"file": "unused.py", "line": "4", "title": "unused ignore"}


def test_paths_are_those_of_the_checkout_wherever_the_step_runs(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write({"infra/stack.py": SAFE, "other.py": SAFE})
    monkeypatch.setenv("GITHUB_WORKSPACE", str(desk.folder))
    monkeypatch.chdir(desk.folder / "infra")
    assert [properties["file"] for _, properties, _ in commands(desk)] == ["infra/stack.py"]
    monkeypatch.setenv("GITHUB_WORKSPACE", str(desk.folder / "elsewhere"))
    assert [properties["file"] for _, properties, _ in commands(desk)] == ["stack.py"]


def test_the_summary_follows(desk: Desk) -> None:
    desk.write({"stack.py": SAFE})
    ran = desk.run("check", "--format", "github")
    assert ran.code == 1
    assert ran.out.endswith("\n1 finding in 1 file: 1 fixable.\n")
    desk.write({"stack.py": CLEAN})
    assert desk.run("check", "--format", "github").out == "No findings in 1 file.\n"
