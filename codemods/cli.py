"""The command line: `cdk-medic check | fix | verify | exceptions | rules | explain`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence

from codemods.desk import options
from codemods.settings.usage import UsageError, known_rules

TYPE_CHECKING = False  # type checkers know the name; `import typing` is a tenth of the start-up
if TYPE_CHECKING:
    from codemods.desk.fix import Way
    from codemods.desk.run import Request
    from codemods.proof.command import Proof


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: the arguments without the program's name; those of the process where None.

    Returns:
        The exit code.
    """
    try:
        parser = options.parser()
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
        from codemods.desk.check import check

        return check(_request(given), given.format)
    if given.command == "fix":
        from codemods.desk.fix import fix

        return fix(_request(given), unsafe=given.unsafe_fixes, way=_way(given))
    if given.command == "verify":
        from codemods.proof.command import verify

        return verify(_request(given), _proof(given))
    if given.command == "exceptions":
        from codemods.desk.exceptions import exceptions

        return exceptions(_request(given), given.format)
    return _about(given)


def _about(given: argparse.Namespace) -> int:
    """The commands that look at no file."""
    if given.command == "completion":
        import shtab

        print(shtab.complete(options.parser(), given.shell))
        return 0
    from codemods.desk import rule_pages
    from codemods.desk.terminal import terminal
    from codemods.registry import rules

    looks = terminal(sys.stdout)
    packs = _packs(".", "")
    known = rules(packs)
    if given.command == "explain":
        (name,) = known_rules([given.rule], "explain", lambda: packs)
        print(rule_pages.page(known[name], looks))
    elif given.format == "json":
        print(rule_pages.document(known))
    else:
        print(rule_pages.listed(known, looks))
    return 0


def _packs(path: str, config: str) -> frozenset[str]:
    """The packs of rules that the configuration of a place names."""
    from codemods.settings.project import Projects, Wishes

    directory = path if os.path.isdir(path) else os.path.dirname(path)
    return Projects(Wishes(config=config)).configuration(directory or ".").packs


def _way(given: argparse.Namespace) -> Way:
    from codemods.desk.fix import Way

    if given.interactive:
        return Way.ASK
    return Way.SHOW if given.diff else Way.WRITE


def _request(given: argparse.Namespace) -> Request:
    from codemods.desk.run import Request
    from codemods.settings.project import Wishes

    wanted = vars(given)  # not every command has every option
    paths = tuple(given.paths) or (".",)

    def packs() -> frozenset[str]:
        return _packs(paths[0], given.config)

    return Request(
        paths=paths,
        wishes=Wishes(
            select=known_rules(_split(wanted.get("select", ())), "--select", packs),
            ignore=known_rules(_split(wanted.get("ignore", ())), "--ignore", packs),
            config=given.config,
        ),
        force_exclude=given.force_exclude,
        base="" if given.command == "verify" else wanted.get("base", ""),
        fail_on=wanted.get("fail_on", ""),
        exit_zero=wanted.get("exit_zero", False),
        stdin_filename=wanted.get("stdin_filename", ""),
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


if __name__ == "__main__":
    sys.exit(main())
