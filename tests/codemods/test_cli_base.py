"""`--base REV`: on the desk, safety depends on what the work started from."""

from __future__ import annotations

from tests.codemods.conftest import Desk
from tests.codemods.desk.test_revisions import commit, git

VPC = "from aws_cdk import aws_ec2 as ec2\nec2.Vpc(stack, {!r}, nat_gateways=1)\n"


def started_from_main(desk: Desk) -> None:
    git(desk.folder, "init", "-q", "-b", "main")
    desk.write({"old.py": VPC.format("Old")})
    commit(desk.folder)
    desk.write({"old.py": "# changed\n" + VPC.format("Old"), "new.py": VPC.format("New")})


def test_a_deployed_construct_is_not_fixed_and_a_new_one_is(desk: Desk) -> None:
    started_from_main(desk)
    done = desk.run("fix", "--base", "main", ".")
    assert "nat_gateways=3" in desk.read("new.py")
    assert "nat_gateways=1" in desk.read("old.py")
    assert done.code == 1
    assert "1 of them fixable with --unsafe-fixes" in done.out


def test_check_says_why_a_fix_is_safe_or_not(desk: Desk) -> None:
    started_from_main(desk)
    out = " ".join(desk.run("check", "--base", "main", ".").out.split())
    assert "unsafe fix: Use one NAT gateway for each availability zone (3). The VPC is dep" in out
    assert (
        "safe fix: Use one NAT gateway for each availability zone (3). The construct is new" in out
    )


def test_an_unknown_base_is_one_line(desk: Desk) -> None:
    started_from_main(desk)
    done = desk.run("check", "--base", "nowhere", ".")
    assert done.code == 2
    assert done.err == ("cdk-medic: error: --base names 'nowhere', which git does not know here\n")
