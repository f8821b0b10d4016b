from __future__ import annotations

import json
from typing import Any

import pytest

from bot.events import jobs_for
from bot.work import AnswerCommand, AnswerMergeGroup, ApplyFix, Job, ReviewPullRequest, external_id
from tests.bot.made import HEAD

PLACE = {
    "installation": {"id": 5},
    "repository": {"id": 7, "full_name": "acme/payments"},
    "sender": {"login": "maria", "id": 3, "type": "User"},
}


def job_for(event: str, payload: dict[str, Any]) -> Job | None:
    """The one job, or None where the event asks for nothing."""
    jobs = jobs_for(event, payload)
    assert len(jobs) <= 1
    return jobs[0] if jobs else None


def pull_request(action: str, **pull: Any) -> dict[str, Any]:
    return PLACE | {
        "action": action,
        "pull_request": {
            "number": 12,
            "state": "open",
            "updated_at": "2026-01-02T03:04:05Z",
            "head": {"sha": HEAD},
            "base": {"ref": "main"},
            **pull,
        },
    }


def comment(body: str, **fields: Any) -> dict[str, Any]:
    return PLACE | {
        "action": "created",
        "issue": {"number": 12, "pull_request": {"url": "x"}},
        "comment": {
            "id": 99,
            "body": body,
            "created_at": "2026-01-02T03:04:05Z",
            "user": {"id": 3, "type": "User"},
        },
        **fields,
    }


def button(identifier: str = "fix-safe", **check: Any) -> dict[str, Any]:
    return PLACE | {
        "action": "requested_action",
        "requested_action": {"identifier": identifier},
        "check_run": {"head_sha": HEAD, "external_id": external_id(12, HEAD), **check},
    }


@pytest.mark.parametrize("action", ["opened", "synchronize", "reopened", "ready_for_review"])
def test_a_new_head_is_reviewed(action: str) -> None:
    assert job_for("pull_request", pull_request(action)) == ReviewPullRequest(
        installation=5,
        repository_id=7,
        repository="acme/payments",
        pull_request=12,
        head=HEAD,
        updated_at="2026-01-02T03:04:05Z",
        base_branch="main",
    )


@pytest.mark.parametrize("action", ["closed", "edited", "labeled", "converted_to_draft"])
def test_other_actions_are_not_reviewed(action: str) -> None:
    assert job_for("pull_request", pull_request(action)) is None


def test_a_closed_pull_request_is_not_reviewed() -> None:
    assert job_for("pull_request", pull_request("synchronize", state="closed")) is None


def test_a_command_in_a_comment_becomes_a_fix() -> None:
    assert job_for("issue_comment", comment("/fix --unsafe a-b")) == ApplyFix(
        installation=5,
        repository_id=7,
        repository="acme/payments",
        pull_request=12,
        head="",
        requested_by="maria",
        requested_by_id=3,
        rules=("a-b",),
        unsafe=True,
        comment=99,
        asked_at="2026-01-02T03:04:05Z",
    )


def test_a_comment_can_name_the_commit() -> None:
    job = job_for("issue_comment", comment(f"/fix {HEAD}"))
    assert job is not None
    assert job.head == HEAD


def test_help_and_mistakes_become_answers() -> None:
    helped = job_for("issue_comment", comment("/fix help"))
    mistaken = job_for("issue_comment", comment("/fix --force"))
    assert isinstance(helped, AnswerCommand)
    assert isinstance(mistaken, AnswerCommand)
    assert helped.problem == ""
    assert "--force" in mistaken.problem


@pytest.mark.parametrize("action", ["edited", "deleted"])
def test_only_new_comments_are_commands(action: str) -> None:
    assert job_for("issue_comment", comment("/fix", action=action)) is None


def test_comments_on_issues_are_no_commands() -> None:
    assert job_for("issue_comment", comment("/fix", issue={"number": 12})) is None


def test_bots_give_no_commands() -> None:
    bot = {"login": "x[bot]", "id": 3, "type": "Bot"}
    assert job_for("issue_comment", comment("/fix", sender=bot)) is None
    assert job_for("check_run", button() | {"sender": bot}) is None


def test_a_button_is_bound_to_its_check_run() -> None:
    safe, everything = job_for("check_run", button()), job_for("check_run", button("fix-all"))
    assert isinstance(safe, ApplyFix)
    assert isinstance(everything, ApplyFix)
    assert (safe.pull_request, safe.head, safe.unsafe, safe.comment) == (12, HEAD, False, 0)
    assert everything.unsafe


@pytest.mark.parametrize(
    "payload",
    [
        button("other"),
        button(external_id="theirs"),
        button(head_sha="f" * 40),
        button() | {"action": "completed"},
    ],
)
def test_other_check_runs_are_nothing_to_do(payload: dict[str, Any]) -> None:
    assert job_for("check_run", payload) is None


@pytest.mark.parametrize("payload", [{}, {"action": "opened"}, {"action": None, "comment": []}])
@pytest.mark.parametrize("event", ["pull_request", "issue_comment", "check_run", "push", "ping"])
def test_a_payload_of_another_shape_is_nothing_to_do(event: str, payload: dict[str, Any]) -> None:
    assert job_for(event, payload) is None


@pytest.mark.parametrize(
    "job",
    [
        job_for("pull_request", pull_request("opened")),
        job_for("issue_comment", comment("/fix a-b app.py")),
        job_for("issue_comment", comment("/fix help")),
        job_for("check_run", button()),
    ],
)
def test_a_job_survives_json(job: Job) -> None:
    assert Job.from_json(json.loads(json.dumps(job.to_json()))) == job


@pytest.mark.parametrize("data", [{}, {"kind": "Other"}, {"kind": "ApplyFix", "head": ""}])
def test_foreign_data_is_no_job(data: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="job"):
        Job.from_json(data)


def test_jobs_of_one_pull_request_share_a_key() -> None:
    jobs = [
        job_for("pull_request", pull_request("opened")),
        job_for("issue_comment", comment("/fix")),
        job_for("check_run", button()),
    ]
    assert {job.serial_key for job in jobs if job} == {"7#12"}


SUMMARY = (
    "### cdk-medic\n\n- [ ] all 2 safe fixes <!-- cdk-medic:box safe -->\n"
    "- [ ] `missing-explicit-deny`: 1 safe fix <!-- cdk-medic:box safe missing-explicit-deny -->\n"
    "- [ ] `shared-nat-gateway`: 1 **unsafe** fix <!-- cdk-medic:box all shared-nat-gateway -->\n\n"
    f"<!-- cdk-medic:summary {HEAD} -->"
)


def tick(*kinds: str, before: str = SUMMARY, **fields: Any) -> dict[str, Any]:
    """The edit of the bot's summary that ticks the boxes of these marks."""
    lines = [
        line.replace("[ ]", "[x]") if any(f"box {kind} -->" in line for kind in kinds) else line
        for line in before.split("\n")
    ]
    payload = comment("\n".join(lines), action="edited", changes={"body": {"from": before}})
    payload["comment"] |= {
        "user": {"id": 40, "type": "Bot"},
        "updated_at": "2026-01-02T03:04:05Z",
    }
    return payload | fields


def test_a_ticked_box_asks_for_its_fixes_at_the_commit_of_the_summary() -> None:
    job = job_for("issue_comment", tick("safe missing-explicit-deny"))
    assert isinstance(job, ApplyFix)
    assert (job.rules, job.unsafe, job.head) == (("missing-explicit-deny",), False, HEAD)
    assert (job.requested_by, job.box, job.comment) == ("maria", 99, 0)
    assert job.request == "box-99-2026-01-02T03:04:05Z-safe-missing-explicit-deny"


def test_the_box_for_all_asks_for_what_is_safe() -> None:
    job = job_for("issue_comment", tick("safe"))
    assert isinstance(job, ApplyFix)
    assert (job.rules, job.unsafe) == ((), False)


def test_an_unsafe_box_asks_for_its_rule_alone() -> None:
    job = job_for("issue_comment", tick("all shared-nat-gateway"))
    assert isinstance(job, ApplyFix)
    assert (job.rules, job.unsafe) == (("shared-nat-gateway",), True)


def test_boxes_of_both_kinds_in_one_edit_are_taken_for_the_safe_ones() -> None:
    job = job_for("issue_comment", tick("all shared-nat-gateway", "safe missing-explicit-deny"))
    assert isinstance(job, ApplyFix)
    assert (job.rules, job.unsafe) == (("missing-explicit-deny",), False)


@pytest.mark.parametrize(
    "payload",
    [
        tick(),
        tick("safe", sender={"login": "cdk-medic[bot]", "id": 40, "type": "Bot"}),
        tick("safe", comment=comment("")["comment"]),
        tick("safe", issue={"number": 12}),
        tick("safe", action="deleted"),
        tick("safe", changes={}),
        tick("safe", before=SUMMARY.replace(HEAD, "main")),
        tick("safe", before=SUMMARY.partition("<!-- cdk-medic:summary")[0]),
        comment("/fix", action="edited", changes={"body": {"from": "/fox"}}),
    ],
)
def test_any_other_edit_does_nothing(payload: dict[str, Any]) -> None:
    assert job_for("issue_comment", payload) is None


def test_requests_tell_apart_what_people_asked_for() -> None:
    safe, every = (job_for("check_run", button(name)) for name in ("fix-safe", "fix-all"))
    assert isinstance(safe, ApplyFix)
    assert isinstance(every, ApplyFix)
    assert safe.request != every.request
    again = job_for("check_run", button("fix-safe"))
    assert isinstance(again, ApplyFix)
    assert safe.request == again.request


def merge_group(action: str = "checks_requested", ref: str = "main/pr-12") -> dict[str, Any]:
    queue = f"refs/heads/gh-readonly-queue/{ref}-{'a' * 40}"
    return PLACE | {"action": action, "merge_group": {"head_sha": HEAD, "head_ref": queue}}


@pytest.mark.parametrize(("ref", "number"), [("main/pr-12", 12), ("pr-3/x/pr-4", 4), ("x", 0)])
def test_a_merge_queue_is_answered_for_its_commit(ref: str, number: int) -> None:
    job = job_for("merge_group", merge_group(ref=ref))
    assert job == AnswerMergeGroup(
        installation=5,
        repository_id=7,
        repository="acme/payments",
        pull_request=number,
        head=HEAD,
    )
    assert job is not None
    assert Job.from_json(json.loads(json.dumps(job.to_json()))) == job


def test_a_merge_group_that_is_done_asks_for_nothing() -> None:
    assert job_for("merge_group", merge_group("destroyed")) is None
