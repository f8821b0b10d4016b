"""`cdk-medic-bot`: serve the App, on one machine or on many, or preview it."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from collections.abc import Sequence
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
    command = parser.parse_args(arguments).command

    # uvicorn raises a signal that it caught again after its end: then everything is put away.
    signal.signal(signal.SIGINT, _leave)
    signal.signal(signal.SIGTERM, _leave)
    try:
        _COMMANDS[command]()
    except StartupError as error:
        print(f"cdk-medic-bot: {error}", file=sys.stderr)
        return 2
    return 0


def _leave(*_: object) -> NoReturn:
    raise SystemExit(0)


def _serve(*, receives: bool = True) -> None:
    from bot.analysis.processes import AnalysisProcesses

    # Before any secret is read, as the process that forks the analyses must never have seen one.
    with AnalysisProcesses() as analysis:
        _run(analysis, receives=receives)


def _work() -> None:
    _serve(receives=False)


def _receive() -> None:
    _run(None, receives=True)


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


def _preview() -> None:
    from bot.logs import configure_logging
    from bot.settings import Address, load

    configure_logging(sys.stderr)
    address = load(Address)

    from webhooks.preview import preview

    preview(address, _announce)


def _announce(url: str) -> None:
    print(f"The pull request: {url}\nStop with Ctrl-C; nothing is kept.", flush=True)


_COMMANDS = {"serve": _serve, "receiver": _receive, "worker": _work, "preview": _preview}


if __name__ == "__main__":
    sys.exit(main())
