"""What an operator sees of a running bot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from tests.end_to_end.stage import STACK, Stage


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage(tmp_path_factory.mktemp("stage")) as stage:
        pull = stage.open({"stack.py": STACK})
        stage.settle()
        pull.comment("maria", "/fix shared-nat-gateway")
        stage.settle()
        yield stage


def run(stage: Stage, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "webhooks.cli", *arguments],
        env={**os.environ, "CDK_MEDIC_DATA_DIR": str(stage._directory / "data")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_bot_with_its_database_and_its_worker_is_ready(stage: Stage) -> None:
    answer = httpx.get(f"{stage.bot.url}/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"message": "ready", "database": True, "worker": True}


def test_the_metrics_count_what_happened(stage: Stage) -> None:
    answer = httpx.get(f"{stage.bot.url}/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    told = {
        line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if line[0] != "#"
    }
    assert told['cdk_medic_deliveries_total{event="pull_request",outcome="queued"}'] == 2
    assert told['cdk_medic_deliveries_total{event="issue_comment",outcome="queued"}'] == 1
    assert told['cdk_medic_jobs_total{kind="ReviewPullRequest",result="done"}'] == 2
    assert told['cdk_medic_jobs_total{kind="ApplyFix",result="done"}'] == 1
    assert told['cdk_medic_job_seconds_count{kind="ApplyFix"}'] == 1
    assert told['cdk_medic_github_requests_total{status="200"}'] > 5
    assert any(name.startswith("cdk_medic_github_rate_limit_remaining{") for name in told)
    for state in ("inbox", "queued", "delayed", "running"):
        assert told[f'cdk_medic_queue_jobs{{state="{state}"}}'] == 0
    assert told["cdk_medic_queue_oldest_seconds"] == 0
    assert told["cdk_medic_dead_letters"] == 0
    assert told["cdk_medic_analysis_deaths_total"] == 0


def test_every_write_to_github_is_in_the_audit_log(stage: Stage) -> None:
    printed = run(stage, "audit")
    assert (printed.returncode, printed.stderr) == (0, "")
    entries = [json.loads(line) for line in printed.stdout.splitlines()]
    reviews = [each for each in entries if each["job"] == "ReviewPullRequest"]
    assert {each["request"].rpartition("/")[2] for each in reviews} >= {"reviews", "check-runs"}
    assert {each["requested_by"] for each in reviews} == {""}
    [commit] = [each for each in entries if each["request"] == "mutation createCommitOnBranch"]
    assert commit["requested_by"] == "maria"
    assert commit["rules"] == ["shared-nat-gateway"]
    assert commit["result"] == "done"
    assert commit["repository"] == "acme/payments-1"
    assert commit["delivery"] in {each.guid for each in stage.github.deliveries}
    written = [
        each
        for each in stage.github.requests
        if each.method in {"POST", "PATCH", "PUT", "DELETE"}
        and each.installation_id
        and not (each.route == "/graphql" and b"mutation" not in each.body)
    ]
    assert len(entries) == len(written)
    assert run(stage, "audit", "--since", "2100-01-01").stdout == ""


def test_there_are_no_dead_letters_to_retry(stage: Stage) -> None:
    listed = run(stage, "jobs", "list")
    assert (listed.returncode, listed.stdout, listed.stderr) == (0, "", "")
    retried = run(stage, "jobs", "retry", "nothing")
    assert retried.returncode == 2
    assert retried.stderr == "cdk-medic-bot: No job that was given up has the id nothing.\n"
