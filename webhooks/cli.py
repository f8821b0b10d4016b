"""`cdk-medic-bot`: serve the App, or preview it beside a stand-in for GitHub."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

from bot.startup import StartupError
from codemods import __version__

_ENVIRONMENT = """\
environment:
  CDK_MEDIC_APP_ID             the App's number (serve)
  CDK_MEDIC_PRIVATE_KEY        its private key, PEM; or CDK_MEDIC_PRIVATE_KEY_FILE (serve)
  CDK_MEDIC_WEBHOOK_SECRET     what GitHub signs deliveries with (serve)
  CDK_MEDIC_HOST, _PORT        where to listen: 127.0.0.1 and 8000
  CDK_MEDIC_DATA_DIR           what must survive a restart: ./var
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
    commands.add_parser("preview", help="try it offline: the bot beside a stand-in for GitHub")
    command = parser.parse_args(arguments).command

    # uvicorn raises a signal that it caught again after its end: then everything is put away.
    signal.signal(signal.SIGINT, _leave)
    signal.signal(signal.SIGTERM, _leave)
    try:
        _serve() if command == "serve" else _preview()
    except StartupError as error:
        print(f"cdk-medic-bot: {error}", file=sys.stderr)
        return 2
    return 0


def _leave(*_: object) -> NoReturn:
    raise SystemExit(0)


def _serve() -> None:
    from bot.analysis.processes import AnalysisProcesses

    # Before any secret is read, as the process that forks the analyses must never have seen one.
    with AnalysisProcesses() as analysis:
        from bot.logs import configure_logging
        from bot.settings import Settings, load

        settings = load(Settings)
        configure_logging(sys.stderr, settings.secrets)

        from webhooks.service import listen, running_bot, serve

        with listen(settings) as listening, running_bot(settings, analysis) as app:
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


if __name__ == "__main__":
    sys.exit(main())
