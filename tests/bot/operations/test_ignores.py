"""Ignore comments in a pull request: which count, and how it is said which don't."""

from __future__ import annotations

from pathlib import Path

from tests.bot.operations.world import answer, vpc, world

NAT = "shared-nat-gateway"
LOCKED = f"locked = ['rules.{NAT}']\n"
COMMENT = f"  # cdk-medic: ignore[{NAT}] -- a test"


def ignored(comment: str = COMMENT, *, name: str = "Vpc") -> str:
    """A mistake, and a comment at the end of its line."""
    return vpc(name=name).removesuffix("\n") + comment + "\n"


def above(comment: str = COMMENT) -> str:
    """A mistake, and a comment on the line above it."""
    return vpc().replace("        ec2.Vpc", f"        {comment.strip()}\n        ec2.Vpc")


def test_what_a_pull_request_silences_is_listed(tmp_path: Path) -> None:
    with world(tmp_path) as here:
        pull = here.open({"a.py": ignored()})
        here.run()
        (check,) = pull.check_runs
        assert (check.conclusion, check.annotations) == ("success", [])
        assert "1 finding silenced here by a comment in the code" in pull.comments[0].body


def test_a_comment_on_the_line_above_is_listed_as_well(tmp_path: Path) -> None:
    with world(tmp_path, {"a.py": vpc()}) as here:
        pull = here.open({"a.py": above()})
        here.run()
        assert "1 finding silenced here by a comment in the code" in pull.comments[0].body


def test_what_the_base_silences_already_is_not_listed(tmp_path: Path) -> None:
    with world(tmp_path, {"a.py": ignored()}) as here:
        pull = here.open({"a.py": "import os\n" + ignored()})
        here.run()
        assert [check.conclusion for check in pull.check_runs] == ["success"]
        assert pull.comments == []


def test_a_new_comment_for_a_locked_rule_does_not_count_and_the_summary_says_why(
    tmp_path: Path,
) -> None:
    with world(tmp_path, policy=LOCKED) as here:
        pull = here.open({"a.py": ignored()})
        here.run()
        (check,) = pull.check_runs
        assert (check.conclusion, len(check.annotations), check.actions) == ("neutral", 1, ())
        assert "A comment ignores it, which counts once main has it" in check.annotations[0].message
        said = pull.comments[0].body.replace("\\", "")
        assert "cdk-medic: 1 new finding" in said
        assert f"The policy of acme locks {NAT}: a comment that ignores it counts only" in said
        assert "silenced here" not in said


def test_a_file_that_is_ignored_for_a_locked_rule_is_not(tmp_path: Path) -> None:
    with world(tmp_path, {"a.py": vpc(3)}, policy=LOCKED) as here:
        pull = here.open({"a.py": f"# cdk-medic: ignore-file[{NAT}]\n" + vpc()})
        here.run()
        assert len(pull.check_runs[0].annotations) == 1


def test_a_new_comment_fails_the_check_where_new_findings_do(tmp_path: Path) -> None:
    policy = LOCKED + "[pull-request]\nfail-on = 'high'\n"
    with world(tmp_path, policy=policy) as here:
        pull = here.open({"a.py": ignored()})
        here.run()
        assert [check.conclusion for check in pull.check_runs] == ["failure"]


def test_a_comment_for_a_locked_rule_counts_once_the_base_has_it(tmp_path: Path) -> None:
    with world(tmp_path, {"a.py": ignored()}, policy=LOCKED) as here:
        pull = here.open({"a.py": "import os\n" + ignored()})
        here.run()
        assert [check.conclusion for check in pull.check_runs] == ["success"]


def test_a_comment_for_a_whole_file_counts_for_what_is_new_in_it_once_the_base_has_it(
    tmp_path: Path,
) -> None:
    comment = f"# cdk-medic: ignore-file[{NAT}]\n"
    with world(tmp_path, {"a.py": comment + vpc()}, policy=LOCKED) as here:
        new = '        ec2.Vpc(self, "New", max_azs=3, nat_gateways=1)\n'
        pull = here.open({"a.py": comment + vpc() + new})
        here.run()
        assert [check.conclusion for check in pull.check_runs] == ["success"]
        pull.push({"a.py": vpc() + new.rstrip() + COMMENT + "\n"})
        here.run()
        assert "2 findings" in pull.check_runs[-1].title


def test_whoever_has_a_locked_rule_ignored_is_told_when_that_counts(tmp_path: Path) -> None:
    with world(tmp_path, policy=LOCKED) as here:
        pull = here.open({"a.py": vpc()})
        here.run()
        pull.comment("maria", f"/fix ignore {NAT} a test")
        here.run()
        assert answer(pull).endswith(
            "It counts once the base branch has it: the policy of `acme` locks this rule."
        )
        assert [check.conclusion for check in pull.check_runs] == ["neutral"]


def test_another_rules_comment_counts_at_once(tmp_path: Path) -> None:
    with world(tmp_path, policy="locked = ['rules.missing-explicit-deny']\n") as here:
        pull = here.open({"a.py": ignored()})
        here.run()
        assert [check.conclusion for check in pull.check_runs] == ["success"]


def test_an_expired_comment_silences_nothing_and_the_check_run_says_so(tmp_path: Path) -> None:
    expired = f"  # cdk-medic: ignore[{NAT}] until=2020-01-31 -- a test"
    with world(tmp_path) as here:
        pull = here.open({"a.py": ignored(expired)})
        here.run()
        (check,) = pull.check_runs
        assert len(check.annotations) == 1
        assert "a.py:7: the ignore expired on 2020-01-31" in check.summary.replace("\\", "")
