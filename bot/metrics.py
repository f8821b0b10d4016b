"""What a process counts, as Prometheus reads it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from bot.inbox import Inbox
from bot.jobs import QueueDepth

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

_SECONDS = (0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300)


class Metrics:
    """The counters of one process, each with the prefix `cdk_medic_`."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.registry = CollectorRegistry()
        self._deliveries = Counter(
            "cdk_medic_deliveries",
            "Webhooks that came in, by event and by what was answered.",
            ["event", "outcome"],
            registry=self.registry,
        )
        self._jobs = Counter(
            "cdk_medic_jobs", "Runs of jobs that ended.", ["kind", "result"], registry=self.registry
        )
        self._seconds = Histogram(
            "cdk_medic_job_seconds",
            "How long a run of a job took.",
            ["kind"],
            registry=self.registry,
            buckets=_SECONDS,
        )
        self._requests = Counter(
            "cdk_medic_github_requests",
            "Requests to GitHub, by the answer's status; 0 is none.",
            ["status"],
            registry=self.registry,
        )
        self._left = Gauge(
            "cdk_medic_github_rate_limit_remaining",
            "Requests that GitHub allows an installation until its limit starts anew.",
            ["installation"],
            registry=self.registry,
        )

    def delivered(self, event: str, outcome: str) -> None:
        """Count a webhook; the event must be one that the bot knows."""
        self._deliveries.labels(event, outcome).inc()

    def ran(self, kind: str, result: str, seconds: float) -> None:
        """Count a run of a job."""
        self._jobs.labels(kind, result).inc()
        self._seconds.labels(kind).observe(seconds)

    def heard(self, installation: int, status: int, left: int | None) -> None:
        """Count an answer of GitHub."""
        self._requests.labels(str(status)).inc()
        if installation and left is not None:
            self._left.labels(str(installation)).set(left)

    def watch(self, read: Callable[[], Iterable[Metric]]) -> None:
        """Ask for more figures whenever somebody reads."""
        self.registry.register(_Asked(read))

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self.registry)


class _Asked(Collector):
    def __init__(self, read: Callable[[], Iterable[Metric]]) -> None:
        self._read = read

    def collect(self) -> Iterable[Metric]:
        return self._read()

    def describe(self) -> Iterable[Metric]:
        return ()  # so that registering reads nothing


def queues(inbox: Inbox, depth: QueueDepth) -> Iterator[Metric]:
    """What waits, and since when the oldest of it does."""
    backlog, waiting = inbox.backlog(), depth.read()
    numbers = {"inbox": backlog.waiting, **waiting.numbers}
    yield _by_state("cdk_medic_queue_jobs", "Jobs that have not ended.", numbers)
    since = min((each for each in (backlog.since, waiting.since) if each), default=0.0)
    age = max(0.0, time.time() - since) if since else 0.0
    oldest = GaugeMetricFamily(
        "cdk_medic_queue_oldest_seconds", "How long the oldest job waits that could run."
    )
    oldest.add_metric([], age)
    yield oldest
    dead = GaugeMetricFamily("cdk_medic_dead_letters", "Jobs that were given up.")
    dead.add_metric([], waiting.dead)
    yield dead


def _by_state(name: str, meaning: str, numbers: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=["state"])
    for state, number in numbers.items():
        family.add_metric([state], number)
    return family


def analysis_deaths(deaths: Callable[[], int]) -> Iterator[Metric]:
    """Child processes that died, or had to be killed, over a file."""
    family = CounterMetricFamily(
        "cdk_medic_analysis_deaths", "Analysis processes lost over a hostile or a huge file."
    )
    family.add_metric([], deaths())
    yield family
