"""The command line: `cdk-medic check | fix | verify | rules | explain`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence

from codemods import __version__
from codemods.settings.usage import UsageError, known_rules

TYPE_CHECKING = False  # type checkers know the name; `import typing` is a tenth of the start-up
if TYPE_CHECKING:
    from codemods.desk.commands import Request
    from codemods.proof.command import Proof

_LEVELS = ("critical", "high", "medium", "low", "never")
_EXIT_CODES = """\
exit code:
  0  no finding at or above --fail-on
  1  there is one, or one of a rule that --select names
  2  something could not be done, such as reading or parsing a file
"""
_PROOF_EXIT_CODES = """\
exit code:
  0  the templates differ in exactly what the rules declare
  1  something else differs, or an export that is in use would break
  2  something could not be done, such as synthesizing the app as it is
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: the arguments without the program's name; those of the process where None.

    Returns:
        The exit code.
    """
    try:
        parser = _parser()
        given = parser.parse_args(argv)
        if given.command is None:
            parser.print_help(sys.stderr)
            return 2
        code = _run(given)
        sys.stdout.flush()
    except UsageError as error:
        from codemods.desk.terminal import visible

        print(f"cdk-medic: error: {visible(str(error))}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130  # as a shell reports a process that Ctrl-C ended
    except BrokenPipeError:
        # Nobody reads on; what is left in the buffer must not fail once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141  # as a shell reports a process that a closed pipe ended
    return code


def _run(given: argparse.Namespace) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal without UTF-8 gets escapes, no traceback
            stream.reconfigure(errors="backslashreplace")
    if given.command == "check":
        from codemods.desk.commands import check

        return check(_request(given), given.format)
    if given.command == "fix":
        from codemods.desk.commands import fix

        return fix(_request(given), unsafe=given.unsafe_fixes, dry=given.diff)
    if given.command == "verify":
        from codemods.proof.command import verify

        return verify(_request(given), _proof(given))
    from codemods.desk import rule_pages
    from codemods.desk.terminal import terminal
    from codemods.registry import rules

    looks = terminal(sys.stdout)
    if given.command == "explain":
        (name,) = known_rules([given.rule], "explain")
        print(rule_pages.page(rules()[name], looks))
    else:
        print(rule_pages.document() if given.format == "json" else rule_pages.listed(looks))
    return 0


def _request(given: argparse.Namespace) -> Request:
    from codemods.desk.commands import Request
    from codemods.settings.project import Wishes

    return Request(
        paths=tuple(given.paths) or (".",),
        wishes=Wishes(
            select=known_rules(_split(given.select), "--select"),
            ignore=known_rules(_split(given.ignore), "--ignore"),
            config=given.config,
        ),
        force_exclude=given.force_exclude,
        base="" if given.command == "verify" else given.base,
        fail_on=getattr(given, "fail_on", ""),
        exit_zero=given.exit_zero,
    )


def _proof(given: argparse.Namespace) -> Proof:
    from codemods.proof.command import Proof

    return Proof(
        app=given.app,
        cli=given.cdk,
        seconds=given.timeout,
        base=given.base,
        unsafe=given.unsafe_fixes,
        form=given.format,
    )


def _split(lists: Iterable[str]) -> list[str]:
    """The names in comma-separated lists."""
    return [name.strip() for names in lists for name in names.split(",") if name.strip()]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cdk-medic",
        description="Finds and fixes production mistakes in AWS CDK (Python) code.",
    )
    parser.add_argument("--version", action="version", version=f"cdk-medic {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    check = _command(commands, "check", "report what is wrong", _EXIT_CODES)
    _add_file_options(check)
    _add_finding_options(check)
    check.add_argument(
        "--format",
        choices=("text", "json", "sarif", "github"),
        default="text",
        help="how to report: to a person (the default), as one JSON array, as SARIF 2.1.0, or as "
        "annotations of a GitHub workflow",
    )
    fix = _command(commands, "fix", "fix what can be fixed, in place", _EXIT_CODES)
    _add_file_options(fix)
    _add_finding_options(fix)
    _add_unsafe_fixes(fix)
    fix.add_argument(
        "--diff", action="store_true", help="print a diff for patch -p0, and write nothing"
    )
    _add_verify(commands)
    rules = _command(commands, "rules", "list the rules")
    rules.add_argument(
        "--format", choices=("text", "json"), default="text", help="how to list; default: text"
    )
    explain = _command(commands, "explain", "say everything about one rule")
    explain.add_argument("rule", metavar="RULE")
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    text: str,
    epilog: str | None = None,
) -> argparse.ArgumentParser:
    return commands.add_parser(
        name,
        help=text,
        description=f"{text[0].upper()}{text[1:]}.",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _add_file_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="files, and directories to walk; default: the working directory",
    )
    for option, text in (
        ("--select", "the only rules to run, separated by commas"),
        ("--ignore", "rules not to run, separated by commas"),
    ):
        parser.add_argument(option, action="append", default=[], metavar="RULES", help=text)
    parser.add_argument(
        "--force-exclude",
        action="store_true",
        help="leave out what the configuration excludes even if it is named, as hooks do",
    )
    parser.add_argument(
        "--config",
        default="",
        metavar="FILE",
        help="the configuration; default: the nearest .cdk-medic.toml or pyproject.toml upward",
    )
    parser.add_argument(
        "--exit-zero", action="store_true", help="exit with 0 whatever the findings are"
    )


def _add_finding_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--base",
        default="",
        metavar="REV",
        help="what the work started from, such as origin/main: fixes of constructs that are new "
        "since then are safe, those of deployed ones are not",
    )
    parser.add_argument(
        "--fail-on",
        choices=_LEVELS,
        default="",
        metavar="LEVEL",
        help=f"{', '.join(_LEVELS)}: the level from which findings count; default: medium",
    )


def _add_unsafe_fixes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--unsafe-fixes",
        action="store_true",
        help="apply unsafe fixes too; those of advisories only for rules named in --select",
    )


def _add_verify(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verify = _command(
        commands, "verify", "synthesize before and after the fixes, and compare", _PROOF_EXIT_CODES
    )
    _add_file_options(verify)
    _add_unsafe_fixes(verify)
    verify.add_argument(
        "--app",
        default="",
        metavar="COMMAND",
        help='how the app is run, such as "python3 app.py"; default: as the nearest cdk.json says',
    )
    verify.add_argument(
        "--cdk",
        default="",
        metavar="COMMAND",
        help='the CDK\'s own tool, such as "npx cdk", to run the app; default: none is needed',
    )
    verify.add_argument(
        "--base",
        default="",
        metavar="REV",
        help="compare with what the work started from, such as origin/main, instead of fixing; the "
        "findings that are gone since then say what may differ",
    )
    verify.add_argument(
        "--timeout",
        type=float,
        default=600.0,
        metavar="SECONDS",
        help="how long one synthesis may take; default: 600",
    )
    verify.add_argument(
        "--format",
        choices=("text", "json", "markdown"),
        default="text",
        help="how to report; default: text",
    )


if __name__ == "__main__":
    sys.exit(main())
