"""The payment stack, fixed by every way there is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.bot.operations.world import World, answer

PAYMENTS = Path(__file__).parents[3] / "examples/payment_stack/payment_stack/payment_stack.py"


def rules_left(pull: Any) -> set[str]:
    return {note.title.split()[0] for note in pull.check_runs[-1].annotations}


def test_all_findings_means_unsafe_ones_too_and_no_advisory(here: World) -> None:
    pull = here.open({"stack.py": PAYMENTS.read_bytes()})
    here.run()
    before = rules_left(pull)
    assert {"shared-nat-gateway", "bucket-name-without-account", "implicit-iam-grant"} <= before
    pull.press("fix-all", by="maria")
    here.run()
    assert rules_left(pull) == {"implicit-iam-grant"}
    assert b"nat_gateways=3" in pull.read("stack.py")


def test_safe_fixes_leave_the_unsafe_ones_and_say_how_to_get_them(here: World) -> None:
    pull = here.open({"stack.py": PAYMENTS.read_bytes()})
    here.run()
    pull.comment("maria", "/fix")
    here.run()
    assert {"bucket-name-without-account", "unpinned-engine-version"} <= rules_left(pull)
    assert "shared-nat-gateway" not in rules_left(pull)
    assert answer(pull).endswith(
        "2 unsafe fixes more: `/fix --unsafe bucket-name-without-account unpinned-engine-version`."
    )


def test_an_unsafe_fix_is_applied_when_its_rule_is_named(here: World) -> None:
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
