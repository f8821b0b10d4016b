"""The bot put together: settings in, a web application out, everything behind it running."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import socket
from collections.abc import Callable, Iterator

import sqlalchemy as sa
import uvicorn
from fastapi import FastAPI

from bot.analysis.processes import AnalysisProcesses
from bot.audit import AuditLog
from bot.data_directory import owned_data_directory
from bot.github import GitHub
from bot.inbox import Inbox
from bot.jobs import Jobs, QueueDepth
from bot.metrics import CONTENT_TYPE, Metrics, analysis_deaths, queues
from bot.operations import Context, Outcome, perform
from bot.operations.context import Step
from bot.organizations import Organizations
from bot.rounds import Round, Rounds
from bot.rounds.daily import DailyVisits
from bot.rounds.missed import MissedPullRequests
from bot.rounds.redelivery import redeliver
from bot.settings import Address, Settings
from bot.startup import StartupError
from bot.store import is_up_to_date, open_store
from bot.work import Job
from webhooks.app import create_app, create_bare_app
from webhooks.status import add_status

_KEPT = dt.timedelta(days=90)
"""How long is remembered what was done; the audit log and dead letters stay."""


class AddressInUseError(StartupError):
    """The web server can't listen."""


class RolesError(StartupError):
    """The database is one process's own."""


@contextlib.contextmanager
def running_bot(
    settings: Settings, analysis: AnalysisProcesses | None, *, receives: bool = True
) -> Iterator[FastAPI]:
    """The bot's web application, with what belongs to it running behind it.

    Args:
        settings: what the operator set.
        analysis: where files are analysed; None where other processes do all the work.
        receives: whether it takes deliveries.

    Raises:
        StartupError: it can't run.
    """
    if not settings.is_shared and not (receives and analysis):
        raise RolesError(
            "Receivers and workers can be apart only where they share a database; set "
            "CDK_MEDIC_DATABASE_URL to a postgresql:// address, or use `serve` alone."
        )
    with contextlib.ExitStack() as stack:
        if not settings.is_shared:
            stack.enter_context(owned_data_directory(settings.data_dir))
        store = open_store(settings.store_url)
        stack.callback(store.dispose)
        inbox = Inbox(store)
        stack.callback(inbox.close)
        metrics = Metrics()
        ready = {"database": lambda: is_up_to_date(store)}
        wake = _leave_to_workers
        if analysis:
            github = _github(settings, metrics)
            jobs = _jobs(settings, github, analysis, inbox, metrics, audit=AuditLog(store))
            stack.callback(jobs.stop)
            jobs.start()
            wake = jobs.wake
            ready["worker"] = lambda: jobs.is_alive
            metrics.watch(lambda: analysis_deaths(lambda: analysis.deaths))
            if settings.round_seconds:
                rounds = _rounds(settings, github, store, inbox, jobs)
                stack.callback(rounds.stop)
                rounds.start()
        if receives:
            secret = settings.webhook_secret.get_secret_value()
            app = create_app(secret, inbox, wake, metrics.delivered)
        else:
            app = create_bare_app()
        depth = QueueDepth(settings.job_database_url)
        stack.callback(depth.close)
        metrics.watch(lambda: queues(inbox, depth))
        add_status(app, ready, metrics.text, CONTENT_TYPE)
        yield app


def _leave_to_workers() -> None:
    """They look into the inbox by themselves."""


def _github(settings: Settings, metrics: Metrics) -> GitHub:
    return GitHub(
        settings.app_id,
        settings.private_key.get_secret_value(),
        settings.github_api_url,
        write_pace_seconds=settings.write_pace_seconds,
        heard=metrics.heard,
    )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _rounds(
    settings: Settings, github: GitHub, store: sa.Engine, inbox: Inbox, jobs: Jobs
) -> Rounds:
    missed = MissedPullRequests(inbox, github.installations, _now)
    visits = DailyVisits(inbox, github.installations, _now)

    def find_deliveries(done_until: float) -> None:
        redeliver(store, github.hook, done_until, _now)

    def find_pull_requests(_: float) -> None:
        if missed.look():
            jobs.wake()

    def ask_for_visits(_: float) -> None:
        if visits.ask():
            jobs.wake()

    def forget(_: float) -> None:
        jobs.forget(_now() - _KEPT)

    found = [
        Round("redelivery", find_deliveries),
        Round("pull requests", find_pull_requests),
        Round("daily visits", ask_for_visits),
        Round("forgetting", forget),
    ]
    return Rounds(store, found, settings.round_seconds, lambda: jobs.leads)


def _jobs(
    settings: Settings,
    github: GitHub,
    analysis: AnalysisProcesses,
    inbox: Inbox,
    metrics: Metrics,
    *,
    audit: AuditLog,
) -> Jobs:
    organizations = Organizations(github.reader, analysis, _now)

    def carry_out(job: Job, step: Step) -> Outcome:
        def writing(request: str) -> Callable[[str], None]:
            jobs.assure()
            return audit.writing(job, request)

        context = Context(
            github=functools.partial(github.repository, writing=writing),
            organizations=organizations,
            # A whole repository may take longer than a pull request.
            analyser=analysis.for_one_pull_request() if job.pull_request else analysis,
            step=step,
            now=_now,
        )
        return perform(job, context)

    jobs = Jobs(
        settings.job_database_url,
        inbox,
        carry_out,
        debounce_seconds=settings.debounce_seconds,
        executor=settings.executor_id,
        patience_seconds=settings.stop_seconds,
        ran=metrics.ran,
    )
    return jobs


def listen(address: Address) -> socket.socket:
    """A socket that takes connections from now on, so that none is refused until `serve` runs.

    Raises:
        AddressInUseError: the address can't be had.
    """
    try:
        return socket.create_server((address.host, address.port), backlog=2048)
    except OSError as error:
        raise AddressInUseError(
            f"Port {address.port} of {address.host} can't be used ({error.strerror or error}); set "
            "CDK_MEDIC_PORT to a free one, or stop what is using it."
        ) from error


def serve(app: FastAPI, listening: socket.socket, *, patience_seconds: int) -> None:
    """Serve until SIGINT or SIGTERM; open requests get `patience_seconds` to end."""
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=patience_seconds,
    )
    uvicorn.Server(config).run(sockets=[listening])
