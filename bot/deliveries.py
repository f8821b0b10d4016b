"""From jobs to the deliveries that the inbox keeps."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from bot.inbox import Delivery
from bot.work import Job, News


def deliveries(event: str, name: str, jobs: Sequence[Job]) -> list[Delivery]:
    """One for each job that a webhook asks for.

    Args:
        event: the `X-GitHub-Event` header.
        name: what identifies the webhook: the `X-GitHub-Delivery` header, 64 characters at most.
        jobs: what it asks for.
    """
    return [
        _delivery(event, f"{name}/{index}" if index else name, job)
        for index, job in enumerate(jobs)
    ]


def _delivery(event: str, name: str, job: Job) -> Delivery:
    content = json.dumps(job.to_json())
    delivery = Delivery(name, event, content, tenant=str(job.installation))
    if isinstance(job, News):
        news = {"subject": job.serial_key, "head": job.head, "updated_at": job.updated_at}
        delivery = replace(delivery, **news)
    return delivery
