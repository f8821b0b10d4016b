"""`cdk-medic exceptions`: what is ignored, why, by whom, and for how long."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess

import pytest

from tests.codemods.conftest import Desk

IGNORING = """\
# cdk-medic: ignore-file[missing-explicit-deny] -- roles come from the platform
from aws_cdk import aws_ec2 as ec2

# cdk-medic: ignore[shared-nat-gateway] until=2999-01-31 -- dev account, see ADR 7
ec2.Vpc(stack, "A", max_azs=3, nat_gateways=1)
v = ec2.Vpc(stack, "B", nat_gateways=1)  # cdk-medic: ignore[shared-nat-gateway] until=2020-01-31
"""


def commit(desk: Desk, author: str, day: str) -> None:
    identity = {
        "GIT_AUTHOR_NAME": author,
        "GIT_AUTHOR_EMAIL": "a@example.com",
        "GIT_COMMITTER_NAME": author,
        "GIT_COMMITTER_EMAIL": "a@example.com",
        "GIT_AUTHOR_DATE": f"{day}T12:00:00Z",
    }
    for command in (["add", "-A"], ["commit", "-qm", "x"]):
        subprocess.run(["git", *command], cwd=desk.folder, env=os.environ | identity, check=True)


@pytest.fixture
def ignoring(desk: Desk) -> Desk:
    """A file with three comments, by two people and one of them not committed."""
    (desk.folder / ".git").rmdir()
    subprocess.run(["git", "init", "-q"], cwd=desk.folder, check=True)
    first, rest = IGNORING.split("\n\n")
    desk.write({"infra/stack.py": first + "\n"})
    commit(desk, "Maria", "2026-03-01")
    lines = rest.splitlines(keepends=True)
    desk.write({"infra/stack.py": f"{first}\n\n{''.join(lines[:2])}"})
    commit(desk, "Jo", "2026-04-02")
    desk.write({"infra/stack.py": IGNORING})
    return desk


def test_every_comment_is_listed_with_its_author(ignoring: Desk) -> None:
    ran = ignoring.run("exceptions", "--format", "json")
    assert ran.code == 0
    first, second, third = json.loads(ran.out)
    assert first == {
        "path": "infra/stack.py",
        "line": 1,
        "rules": ["missing-explicit-deny"],
        "scope": "file",
        "reason": "roles come from the platform",
        "until": "",
        "state": "the ignore of missing-explicit-deny silences nothing",
        "author": "Maria",
        "since": "2026-03-01",
    }
    assert (second["state"], second["until"], second["author"], second["since"]) == (
        "in use",
        "2999-01-31",
        "Jo",
        "2026-04-02",
    )
    assert (third["state"], third["author"]) == ("the ignore expired on 2020-01-31", "")


def test_the_text_is_a_paragraph_each(ignoring: Desk) -> None:
    assert ignoring.run("exceptions", "infra/stack.py").out.splitlines()[3:] == [
        "infra/stack.py:4 shared-nat-gateway",
        "  dev account, see ADR 7",
        "  in use; until 2999-01-31; Jo, 2026-04-02",
        "infra/stack.py:6 shared-nat-gateway",
        "  no reason given",
        "  the ignore expired on 2020-01-31; until 2020-01-31",
        "3 exceptions in 1 file.",
    ]


def test_the_csv_has_a_row_each_and_no_formula(ignoring: Desk) -> None:
    ignoring.write({"infra/stack.py": IGNORING.replace("-- dev", "-- =HYPERLINK(1), dev")})
    rows = list(csv.DictReader(io.StringIO(ignoring.run("exceptions", "--format", "csv").out)))
    assert [row["line"] for row in rows] == ["1", "4", "6"]
    assert rows[1]["reason"] == "'=HYPERLINK(1), dev account, see ADR 7"
    assert rows[1]["rules"] == "shared-nat-gateway"


def test_outside_of_a_repository_the_authors_are_left_out(desk: Desk) -> None:
    desk.write({"stack.py": IGNORING})
    found = json.loads(desk.run("exceptions", "--format", "json").out)
    assert [entry["author"] for entry in found] == ["", "", ""]


def test_without_a_comment_there_is_nothing_to_answer_for(desk: Desk) -> None:
    desk.write({"stack.py": "import aws_cdk\n", "text.py": "x = 'cdk-medic: ignore'\n"})
    assert desk.run("exceptions").out == "0 exceptions in 0 files.\n"


def test_a_file_that_does_not_parse_is_named(desk: Desk) -> None:
    desk.write({"bad.py": "# cdk-medic: ignore[shared-nat-gateway]\nVpc(\n"})
    ran = desk.run("exceptions")
    assert ran.code == 2
    assert ran.err == "bad.py: error: line 2: '(' was never closed\n"
