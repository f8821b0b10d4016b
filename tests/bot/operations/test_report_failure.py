from __future__ import annotations

import json

import pytest

from bot.operations import Result, perform
from bot.operations.report_failure import failure_of
from bot.work import AnswerCommand, ApplyFix, Job, ReportFailure
from tests.bot.operations.world import World, vpc


def _told(here: World, job: Job) -> Result:
    report = failure_of(job)
    assert report is not None
    assert Job.from_json(json.loads(json.dumps(report.to_json()))) == report
    return perform(report, here.context).result


def test_the_check_of_a_review_that_failed_concludes_and_blocks_nobody(here: World) -> None:
    pull = here.open({"stack.py": vpc()})
    [job] = here.jobs()
    assert [_told(here, job) for _ in range(2)] == [Result.DONE, Result.DONE]
    [check] = pull.check_runs
    assert (check.name, check.status, check.conclusion) == ("cdk-medic", "completed", "neutral")
    assert check.title == "The review failed"
    assert (pull.reviews, pull.comments) == ([], [])


def test_a_check_that_concluded_stays_as_it_is(here: World) -> None:
    pull = here.open({"stack.py": vpc()})
    [job] = here.jobs()
    perform(job, here.context)
    assert _told(here, job) is Result.DONE
    [check] = pull.check_runs
    assert check.title == "1 finding: 1 critical"


def test_a_review_after_a_failure_concludes_the_check_anew(here: World) -> None:
    pull = here.open({"stack.py": vpc()})
    [job] = here.jobs()
    _told(here, job)
    perform(job, here.context)
    assert [check.title for check in pull.check_runs] == [
        "The review failed",
        "1 finding: 1 critical",
    ]
    assert _told(here, job) is Result.DONE
    assert len(pull.check_runs) == 2


@pytest.mark.parametrize(("text", "kind"), [("/fix", ApplyFix), ("/fix help", AnswerCommand)])
def test_who_asked_is_answered_once(here: World, text: str, kind: type[Job]) -> None:
    pull = here.open({"stack.py": vpc()})
    here.jobs()
    asked = pull.comment("maria", text)
    [job] = here.jobs()
    assert isinstance(job, kind)
    assert [_told(here, job) for _ in range(2)] == [Result.DONE, Result.DONE]
    [_, answer] = pull.comments
    assert answer.body.startswith("Something went wrong on my side.")
    assert {reaction.content for reaction in asked.reactions} == {"confused"}


def test_of_a_report_that_failed_there_is_no_report() -> None:
    report = ReportFailure(
        installation=1, repository_id=2, repository="acme/payments", pull_request=3, head=""
    )
    assert failure_of(report) is None


def test_a_pull_request_that_is_gone_is_a_refusal(here: World) -> None:
    here.open({"stack.py": vpc()})
    [job] = here.jobs()
    report = failure_of(job)
    assert report is not None
    missing = Job.from_json({**report.to_json(), "pull_request": 99})
    assert perform(missing, here.context).result is Result.REFUSED
