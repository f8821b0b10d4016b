from __future__ import annotations

from bot.operations import Result, perform
from tests.bot.operations.world import World, vpc


def test_a_merge_queue_is_not_kept_waiting(here: World) -> None:
    pull = here.open({"stacks/network.py": vpc()})
    here.run()
    head = pull.queue(by="maria")
    (outcome,) = here.run()
    assert outcome.result is Result.DONE
    (run,) = [run for run in here.repository.record.check_runs if run.head_sha == head]
    assert (run.name, run.status, run.conclusion) == ("cdk-medic", "completed", "success")
    assert run.title == "Checked on the pull request"
    assert run.external_id == f"cdk-medic:{pull.number}:{head}"


def test_the_same_question_twice_is_one_check_run(here: World) -> None:
    pull = here.open({"stacks/network.py": vpc(3)})
    here.run()
    head = pull.queue(by="maria")
    (job,) = here.jobs()
    for _ in range(2):
        assert perform(job, here.context).result is Result.DONE
    assert len([run for run in here.repository.record.check_runs if run.head_sha == head]) == 1


def test_a_commit_that_is_gone_ends_in_a_refusal(here: World) -> None:
    pull = here.open({"stacks/network.py": vpc(3)})
    here.run()
    pull.queue(by="maria")
    (job,) = here.jobs()
    gone = type(job).from_json(job.to_json() | {"head": "0" * 40})
    assert perform(gone, here.context).result is Result.REFUSED
