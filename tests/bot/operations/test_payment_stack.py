"""The payment stack, fixed by every way there is."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from tests.bot.operations.world import World, answer, world

PAYMENTS = Path(__file__).parents[3] / "examples/payment_stack/payment_stack/payment_stack.py"


def rules_left(pull: Any) -> set[str]:
    return {note.title.split()[0] for note in pull.check_runs[-1].annotations}


def with_an_older_bucket(directory: Path) -> AbstractContextManager[World]:
    """The stack is deployed, with another bucket than the one that the pull request brings."""
    older = PAYMENTS.read_bytes().replace(b'"AuditLogsBucket"', b'"OldBucket"')
    return world(directory, {"stack.py": older})


def test_in_a_stack_that_is_new_every_fix_is_safe(here: World) -> None:
    pull = here.open({"stack.py": PAYMENTS.read_bytes()})
    here.run()
    assert {"shared-nat-gateway", "bucket-name-without-account"} <= rules_left(pull)
    assert [action.identifier for action in pull.check_runs[-1].actions] == ["fix-safe", "fix-pr"]
    pull.press("fix-safe", by="maria")
    here.run()
    assert rules_left(pull) == {"implicit-iam-grant"}
    assert b"nat_gateways=3" in pull.read("stack.py")


def test_all_findings_means_unsafe_ones_too_and_no_advisory(tmp_path: Path) -> None:
    with with_an_older_bucket(tmp_path) as here:
        pull = here.open({"stack.py": PAYMENTS.read_bytes()})
        here.run()
        pull.press("fix-all", by="maria")
        here.run()
        assert rules_left(pull) == {"implicit-iam-grant"}


def test_safe_fixes_leave_the_unsafe_ones_and_say_how_to_get_them(tmp_path: Path) -> None:
    with with_an_older_bucket(tmp_path) as here:
        pull = here.open({"stack.py": PAYMENTS.read_bytes()})
        here.run()
        before = rules_left(pull)
        pull.comment("maria", "/fix")
        here.run()
        assert rules_left(pull) == before - {"bucket-name-without-account"}
        assert answer(pull).endswith(
            "6 unsafe fixes more: `/fix --unsafe fixed-reserved-concurrency missing-explicit-deny "
            "shared-nat-gateway unpinned-engine-version`."
        )


def test_an_unsafe_fix_is_applied_when_its_rule_is_named(tmp_path: Path) -> None:
    with with_an_older_bucket(tmp_path) as here:
        pull = here.open({"stack.py": PAYMENTS.read_bytes()})
        here.run()
        before = rules_left(pull)
        pull.comment("maria", "/fix --unsafe unpinned-engine-version")
        here.run()
        assert rules_left(pull) == before - {"unpinned-engine-version"}


def test_every_suggestion_of_the_payment_stack_can_be_clicked_one_after_the_other(
    here: World,
) -> None:
    pull = here.open({"stack.py": PAYMENTS.read_bytes()})
    here.run()
    for comment in pull.review_comments:
        pull.commit_suggestion(comment.id, by="maria")
    here.run()
    assert rules_left(pull) == {"implicit-iam-grant"}
    assert len(pull.reviews) == 1
