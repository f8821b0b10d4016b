"""`cdk-medic-bot`: serve the App, on one machine or on many, or preview it."""

from __future__ import annotations

import argparse
import datetime as dt
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NoReturn

from bot.startup import StartupError
from codemods import __version__

if TYPE_CHECKING:
    from bot.analysis.processes import AnalysisProcesses

_ENVIRONMENT = """\
environment:
  CDK_MEDIC_APP_ID             the App's number
  CDK_MEDIC_PRIVATE_KEY        its private key, PEM; or CDK_MEDIC_PRIVATE_KEY_FILE
  CDK_MEDIC_WEBHOOK_SECRET     what GitHub signs deliveries with
  CDK_MEDIC_HOST, _PORT        where to listen: 127.0.0.1 and 8000
  CDK_MEDIC_DATA_DIR           what must survive a restart: ./var
  CDK_MEDIC_DATABASE_URL       postgresql://…, for several processes: SQLite files in DATA_DIR
  CDK_MEDIC_EXECUTOR_ID        on Postgres, the worker's name where it comes back with it
  CDK_MEDIC_ROUND_SECONDS      how often to look for what was missed: 300
  CDK_MEDIC_STOP_SECONDS       what running jobs get at the end: 6
  CDK_MEDIC_GITHUB_API_URL     https://api.github.com, or https://HOST/api/v3
  CDK_MEDIC_DEBOUNCE_SECONDS   how long a review waits for a newer push: 3
  CDK_MEDIC_WRITE_PACE_SECONDS the least time between two writes to GitHub: 1
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 after a clean end, 2 where something must be set right first."""
    parser = argparse.ArgumentParser(
        prog="cdk-medic-bot",
        description="A GitHub App that remediates AWS CDK code in pull requests.",
        epilog=_ENVIRONMENT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"cdk-medic-bot {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("serve", help="receive webhooks and work on pull requests")
    commands.add_parser("receiver", help="only receive webhooks, for workers on the same Postgres")
    commands.add_parser("worker", help="only work on pull requests, beside others on a Postgres")
    commands.add_parser("preview", help="try it offline: the bot beside a stand-in for GitHub")
    jobs = commands.add_parser("jobs", help="list the jobs that were given up, or retry one")
    actions = jobs.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="one JSON object a line: id, job, reason")
    retry = actions.add_parser("retry", help="queue one again")
    retry.add_argument("id", help="as `jobs list` tells it")
    audit = commands.add_parser("audit", help="print every write to GitHub, one JSON object a line")
    audit.add_argument(
        "--since",
        type=_moment,
        default=_moment("1970-01-01T00:00:00+00:00"),
        help="leave out what is older, such as 2026-01-31 or 2026-01-31T12:00:00Z",
    )
    options = parser.parse_args(arguments)

    # uvicorn raises a signal that it caught again after its end: then everything is put away.
    signal.signal(signal.SIGINT, _leave)
    signal.signal(signal.SIGTERM, _leave)
    try:
        _COMMANDS[options.command](options)
    except StartupError as error:
        print(f"cdk-medic-bot: {error}", file=sys.stderr)
        return 2
    return 0


def _moment(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _leave(*_: object) -> NoReturn:
    raise SystemExit(0)


def _serve(_: argparse.Namespace) -> None:
    _work_and(receives=True)


def _work(_: argparse.Namespace) -> None:
    _work_and(receives=False)


def _receive(_: argparse.Namespace) -> None:
    _run(None, receives=True)


def _work_and(*, receives: bool) -> None:
    from bot.analysis.processes import AnalysisProcesses

    # Before any secret is read, as the process that forks the analyses must never have seen one.
    with AnalysisProcesses() as analysis:
        _run(analysis, receives=receives)


def _run(analysis: AnalysisProcesses | None, *, receives: bool) -> None:
    from bot.logs import configure_logging
    from bot.settings import Settings, load

    settings = load(Settings)
    configure_logging(sys.stderr, settings.secrets)

    from webhooks.service import listen, running_bot, serve

    with listen(settings) as listening, running_bot(settings, analysis, receives=receives) as app:
        host, port = listening.getsockname()[:2]
        logging.getLogger(__name__).info("Listening on http://%s:%d", host, port)
        serve(app, listening, patience_seconds=3)


def _preview(_: argparse.Namespace) -> None:
    from bot.logs import configure_logging
    from bot.settings import Address, load

    configure_logging(sys.stderr)
    address = load(Address)

    from webhooks.preview import preview

    preview(address, _announce)


def _announce(pull_request: str, repository: str) -> None:
    lines = [
        f"The pull request: {pull_request}",
        f"A repository that the bot was just installed on: {repository}",
        "Stop with Ctrl-C; nothing is kept.",
    ]
    print("\n".join(lines), flush=True)


def _jobs(options: argparse.Namespace) -> None:
    from webhooks.operator import dead_letters, retry_dead_letter

    if options.action == "retry":
        retry_dead_letter(options.id)
        print(f"The job of {options.id} is queued again.")
        return
    for line in dead_letters():
        print(line)


def _audit(options: argparse.Namespace) -> None:
    from webhooks.operator import audit_log

    for line in audit_log(options.since):
        print(line)


_COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "serve": _serve,
    "receiver": _receive,
    "worker": _work,
    "preview": _preview,
    "jobs": _jobs,
    "audit": _audit,
}


if __name__ == "__main__":
    sys.exit(main())
