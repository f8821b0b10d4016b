"""The planning against a GitHub made of nothing but a list of pull requests."""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.fix_pull_requests.plan import (
    ONBOARDING,
    Aim,
    Close,
    Intention,
    Label,
    Open,
    Reason,
    Refresh,
    Wanted,
    branch_for,
    declined,
    is_left_alone,
    mark,
    plan,
    rules_in_other_hands,
)
from bot.github import Proposal

RULES = ("shared-nat-gateway", "missing-explicit-deny", "unpinned-engine-version")
BRANCHES = (ONBOARDING, branch_for(""), *map(branch_for, RULES))


def wanted(branch: str, content: str = "new", words: str = "Fixes it.") -> Wanted:
    return Wanted(branch, "Fix it", f"{words}\n\n{mark(content)}", (), "Fix it", "")


def proposal(branch: str, number: int = 1, **fields: Any) -> Proposal:
    given = {
        "state": "open",
        "touched": False,
        "withdrawn": False,
        "base_branch": "main",
        "labels": (),
        **fields,
    }
    given.setdefault("body", wanted(branch).body)
    return Proposal(
        number=number,
        branch=branch,
        head="a" * 40,
        base_head="b" * 40,
        draft=False,
        title="Fix it",
        closed_by="",
        **given,
    )


def aim(*wishes: Wanted, **fields: Any) -> Aim:
    return Aim(
        **{
            "wanted": wishes,
            "default_branch": "main",
            "limit": 3,
            "configured": True,
            "enabled": True,
            "together": False,
            "labelled": False,
            **fields,
        }
    )


NAT = branch_for("shared-nat-gateway")


def test_what_is_wanted_and_not_there_is_opened() -> None:
    assert plan(aim(wanted(NAT)), []) == [Open(wanted(NAT))]


def test_what_is_there_as_it_should_be_is_not_written_again() -> None:
    there = proposal(NAT, body=wanted(NAT).body.replace("\n", "\r\n") + "\r\n")
    assert plan(aim(wanted(NAT)), [there]) == []


def test_other_words_change_the_text_and_leave_the_commit() -> None:
    there = proposal(NAT, body=wanted(NAT, words="Fixed it.").body)
    assert plan(aim(wanted(NAT)), [there]) == [Refresh(there, wanted(NAT), rebuild=False)]


def test_another_change_rebuilds_the_commit() -> None:
    there = proposal(NAT, body=wanted(NAT, content="old").body)
    assert plan(aim(wanted(NAT)), [there]) == [Refresh(there, wanted(NAT), rebuild=True)]


def test_a_text_that_somebody_wrote_over_counts_as_out_of_date() -> None:
    there = proposal(NAT, body="What is this?")
    assert plan(aim(wanted(NAT)), [there]) == [Refresh(there, wanted(NAT), rebuild=True)]


def test_one_without_labels_is_labelled_and_others_keep_what_they_have() -> None:
    there, other = proposal(NAT), proposal(NAT, labels=("mine",))
    assert plan(aim(wanted(NAT), labelled=True), [there]) == [Label(there)]
    assert plan(aim(wanted(NAT), labelled=True), [other]) == []


def test_one_that_nothing_is_left_for_is_closed() -> None:
    there = proposal(NAT)
    assert plan(aim(), [there]) == [Close(there, Reason.FIXED)]


def test_one_about_a_file_that_could_not_be_read_stays() -> None:
    there = proposal(NAT, body=wanted(NAT, words="In `stacks/network.py`.").body)
    assert plan(aim(unread=("stacks/network.py",)), [there]) == []
    assert plan(aim(unread=("other.py",)), [there]) == [Close(there, Reason.FIXED)]


def test_it_is_said_why_one_is_closed() -> None:
    single, together, first = proposal(NAT), proposal(branch_for("")), proposal(ONBOARDING)
    everything = wanted(branch_for(""))
    assert plan(aim(enabled=False), [single]) == [Close(single, Reason.SWITCHED_OFF)]
    assert plan(aim(wanted(NAT)), [together])[0] == Close(together, Reason.GROUPED_OTHERWISE)
    assert plan(aim(everything, together=True), [single])[0] == Close(
        single, Reason.GROUPED_OTHERWISE
    )
    assert plan(aim(), [first]) == [Close(first, Reason.CONFIGURED)]
    assert plan(aim(configured=False), [first]) == [Close(first, Reason.FIXED)]


def test_one_that_a_person_pushed_to_is_left_alone_even_when_nothing_is_left() -> None:
    assert plan(aim(), [proposal(NAT, touched=True)]) == []
    assert plan(aim(wanted(NAT, content="other")), [proposal(NAT, touched=True)]) == []


def test_one_that_a_person_sent_to_another_branch_is_left_alone() -> None:
    assert plan(aim(), [proposal(NAT, base_branch="release")]) == []


def test_one_that_a_person_closed_is_not_opened_again() -> None:
    closed = proposal(NAT, state="closed")
    assert plan(aim(wanted(NAT, content="other")), [closed]) == []
    assert declined([closed]) == {NAT}
    assert rules_in_other_hands([closed], "main") == {"shared-nat-gateway"}


def test_one_that_the_bot_closed_is_followed_by_another_where_the_mistake_comes_back() -> None:
    closed = proposal(NAT, state="closed", withdrawn=True)
    assert plan(aim(wanted(NAT)), [closed]) == [Open(wanted(NAT))]


def test_one_that_was_merged_is_followed_by_another_where_the_mistake_comes_back() -> None:
    assert plan(aim(wanted(NAT)), [proposal(NAT, state="merged")]) == [Open(wanted(NAT))]


def test_no_more_are_open_at_once_than_the_limit_the_most_urgent_first() -> None:
    wishes = [wanted(branch_for(rule)) for rule in RULES]
    taken_over = proposal(branch_for("implicit-iam-grant"), touched=True)
    assert plan(aim(*wishes, limit=2), [taken_over]) == [Open(wishes[0])]
    assert plan(aim(*wishes, limit=0), []) == []


def test_what_closes_makes_room_at_once() -> None:
    there = proposal(branch_for("implicit-iam-grant"))
    assert plan(aim(wanted(NAT), limit=1), [there]) == [
        Close(there, Reason.FIXED),
        Open(wanted(NAT)),
    ]


def test_the_onboarding_one_needs_no_room() -> None:
    assert plan(aim(wanted(ONBOARDING), limit=0), []) == [Open(wanted(ONBOARDING))]


def test_what_a_person_asked_for_on_a_pull_request_is_none_of_its_business() -> None:
    assert plan(aim(), [proposal("cdk-medic/fix-12-0123456-abcdef12")]) == []


_contents = st.sampled_from(["old", "new"])
_wishes = st.lists(st.sampled_from(BRANCHES), unique=True).flatmap(
    lambda branches: st.tuples(*(st.builds(wanted, st.just(each), _contents) for each in branches))
)
_bodies = st.one_of(
    st.builds(lambda content: wanted("", content).body, _contents),
    st.just("Mine."),
)


@st.composite
def _proposals(draw: st.DrawFn) -> list[Proposal]:
    """Any history; GitHub lets a branch have one open pull request to the same branch."""
    found, open_ones = list[Proposal](), set[str]()
    for number in range(draw(st.integers(0, 8)), 0, -1):
        branch = draw(st.sampled_from(BRANCHES))
        states = ["closed", "merged"] + ["open"] * (branch not in open_ones)
        state = draw(st.sampled_from(states))
        open_ones |= {branch} if state == "open" else set()
        base = draw(st.sampled_from(["main", "main", "main", "release"]))
        found.append(
            proposal(
                branch,
                number,
                state=state,
                base_branch=base,
                touched=draw(st.booleans()),
                withdrawn=state == "closed" and draw(st.booleans()),
                body=draw(_bodies),
            )
        )
    return found


_aims = st.builds(
    lambda wishes, limit, **fields: aim(*wishes, limit=limit, **fields),
    _wishes,
    st.integers(0, 4),
    **{name: st.booleans() for name in ("configured", "enabled", "together", "labelled")},
)


def carried_out(intentions: list[Intention], proposals: list[Proposal]) -> list[Proposal]:
    """What GitHub has afterwards."""
    numbers = itertools.count(max((each.number for each in proposals), default=0) + 1)
    now = {each.number: each for each in proposals}
    for intention in intentions:
        if isinstance(intention, Open):
            number = next(numbers)
            wish = intention.wanted
            now[number] = proposal(wish.branch, number, body=wish.body, labels=("cdk-medic",))
            continue
        changed: dict[str, Any] = {"labels": ("cdk-medic",)}
        if isinstance(intention, Close):
            changed = {"state": "closed", "withdrawn": True}
        elif isinstance(intention, Refresh):
            changed = {"body": intention.wanted.body}
        number = intention.proposal.number
        now[number] = dataclasses.replace(now[number], **changed)
    return sorted(now.values(), key=lambda each: -each.number)


@given(_aims, _proposals())
def test_whatever_happened_before_the_plan_keeps_its_promises(
    goal: Aim, proposals: list[Proposal]
) -> None:
    intentions = plan(goal, proposals)
    after = carried_out(intentions, proposals)
    present = [each for each in after if each.state == "open"]
    assert max(Counter(each.branch for each in present).values(), default=0) <= 1
    opened = [each.wanted.branch for each in intentions if isinstance(each, Open)]
    assert not declined(proposals) & set(opened)
    for intention in intentions:
        if not isinstance(intention, Open):
            assert intention.proposal.state == "open"
            assert not is_left_alone(intention.proposal, "main")
    assert all(after_[0] == after_[1] for after_ in _untouchable(proposals, after))
    fixes = [each for each in present if each.branch != ONBOARDING]
    before = [each for each in proposals if each.state == "open" and each.branch != ONBOARDING]
    assert len(fixes) <= max(goal.limit, len(before))
    assert plan(goal, after) == []


def _untouchable(before: list[Proposal], after: list[Proposal]) -> list[tuple[Proposal, Proposal]]:
    now = {each.number: each for each in after}
    return [
        (each, now[each.number])
        for each in before
        if each.state != "open" or is_left_alone(each, "main")
    ]
