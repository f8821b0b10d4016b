"""What the command line takes."""

from __future__ import annotations

import argparse

from codemods import __version__

Commands = argparse._SubParsersAction  # noqa: SLF001 (what add_subparsers gives has no other name)
SHELLS = ("bash", "zsh", "fish", "tcsh")
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


def parser() -> argparse.ArgumentParser:
    """The options of every command; the chosen one is `command`, None where there is none."""
    parser = argparse.ArgumentParser(
        prog="cdk-medic",
        description="Finds and fixes production mistakes in AWS CDK (Python) code.",
    )
    parser.add_argument("--version", action="version", version=f"cdk-medic {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_check(commands)
    _add_fix(commands)
    _add_verify(commands)
    _add_exceptions(commands)
    rules = _command(commands, "rules", "list the rules")
    rules.add_argument(
        "--format", choices=("text", "json"), default="text", help="how to list; default: text"
    )
    explain = _command(commands, "explain", "say everything about one rule")
    explain.add_argument("rule", metavar="RULE")
    completion = _command(commands, "completion", "print the completion of a shell")
    completion.add_argument("shell", choices=SHELLS)
    return parser


def _command(
    commands: Commands[argparse.ArgumentParser],
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


def _add_check(commands: Commands[argparse.ArgumentParser]) -> None:
    check = _command(commands, "check", "report what is wrong", _EXIT_CODES)
    _add_file_options(check)
    _add_finding_options(check)
    check.add_argument(
        "--stdin-filename",
        default="stdin.py",
        metavar="FILE",
        help="what the file is called that PATH - reads from standard input, as editors do",
    )
    check.add_argument(
        "--format",
        choices=("text", "json", "sarif", "github"),
        default="text",
        help="how to report: to a person (the default), as one JSON array, as SARIF 2.1.0, or as "
        "annotations of a GitHub workflow",
    )


def _add_fix(commands: Commands[argparse.ArgumentParser]) -> None:
    fix = _command(commands, "fix", "fix what can be fixed, in place", _EXIT_CODES)
    _add_file_options(fix)
    _add_finding_options(fix)
    _add_unsafe_fixes(fix)
    ways = fix.add_mutually_exclusive_group()
    ways.add_argument(
        "--diff", action="store_true", help="print a diff for patch -p0, and write nothing"
    )
    ways.add_argument(
        "-i",
        "--interactive",
        action="store_true",
        help="show each fix, unsafe ones too, and ask whether to apply it",
    )


def _add_exceptions(commands: Commands[argparse.ArgumentParser]) -> None:
    exceptions = _command(
        commands, "exceptions", "list every ignore comment, with its reason, author and expiry"
    )
    _add_paths(exceptions)
    exceptions.add_argument(
        "--format",
        choices=("text", "csv", "json"),
        default="text",
        help="how to list; default: text",
    )


def _add_paths(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="files, and directories to walk; default: the working directory",
    )
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


def _add_file_options(parser: argparse.ArgumentParser) -> None:
    _add_paths(parser)
    for option, text in (
        ("--select", "the only rules to run, separated by commas"),
        ("--ignore", "rules not to run, separated by commas"),
    ):
        parser.add_argument(option, action="append", default=[], metavar="RULES", help=text)
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


def _add_verify(commands: Commands[argparse.ArgumentParser]) -> None:
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
