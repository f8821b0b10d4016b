"""How cdk-medic stands beside other tools that look for the same mistakes.

    python -m benchmarks.peers [--rounds 3] [--quick]

The peers are installed into `var/peers` first, from the hashed lock file beside this module. Each
has the same rules where it can express them (`rules/`); pyupgrade and ruff have none and run as
they are. All commands take turns in one run over the same generated code base, whole processes,
the CPU time with that of their children. A bar says how many times as much a peer has to use as
cdk-medic. It ends with 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import filecmp
import functools
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import check_speed
from benchmarks.check_speed import CHECK, FIX, Place
from benchmarks.peers.installation import installed
from benchmarks.processes import (
    Command,
    FailedError,
    Usage,
    in_turns,
    measure,
    median_ms,
    median_ratio,
    peak_mb,
)

RULES = Path(__file__).parent / "rules"


@dataclass(frozen=True, slots=True)
class Peer:
    """One command of another tool.

    Attributes:
        command: with its arguments.
        like: the command of cdk-medic that does the same.
        bar: how many times as much CPU as that it has to use; 0 for no bar.
        slow: whether it takes half a minute, and therefore part in the first round only.
    """

    command: Command
    like: str
    bar: float = 0
    slow: bool = False


def peers(tools: Path, place: Place) -> dict[str, Peer]:
    """The peers by name, those that only look first."""
    fixit: Command = [tools / "fixit", "--rules", "keyword_shapes:KeywordShapes"]
    runner: Command = [tools / "python", "-m", "libcst.tool", "codemod", "-x", "--hide-progress"]
    codemod = "keyword_shapes.KeywordShapesCommand"
    quiet = ["--metrics=off", "--disable-version-check", "--quiet", "--no-git-ignore"]
    semgrep: Command = [tools / "semgrep", "scan", *quiet, "--config", RULES / "semgrep.yaml"]
    ast_grep: Command = [tools / "ast-grep", "scan", "-r", RULES / "ast_grep.yaml"]
    ruff: Command = [tools / "ruff", "check", "--isolated", "--no-cache", "--exit-zero"]
    files = sorted(place.copy.rglob("*.py"))
    pyupgrade: Command = [tools / "pyupgrade", "--py311-plus", *files]
    look, write = place.corpus, place.copy
    return {
        "fixit lint": Peer([*fixit, "lint", look], CHECK, 50, slow=True),
        "LibCST codemod": Peer([*runner, "--no-format", codemod, write], CHECK, 50, slow=True),
        "semgrep scan": Peer([*semgrep, look], CHECK, 8),
        "pyupgrade, its own rules": Peer(pyupgrade, CHECK, 4),
        "ast-grep scan": Peer([*ast_grep, look], CHECK, 1 / 1.5),
        "ruff check, its own rules": Peer([*ruff, look], CHECK),
        "fixit fix": Peer([*fixit, "fix", "--automatic", write], FIX, 38, slow=True),
        "semgrep scan --autofix": Peer([*semgrep, "--autofix", write], FIX, 4.5),
        "pyupgrade, its own fixes": Peer(pyupgrade, FIX, 3),
        "ast-grep scan --update-all": Peer([*ast_grep, "--update-all", write], FIX),
    }


def changed(place: Place) -> int:
    """How many files of the copy are not what they were."""
    return sum(
        not filecmp.cmp(file, place.copy / file.relative_to(place.corpus), shallow=False)
        for file in place.corpus.rglob("*.py")
    )


def first_round(
    commands: Mapping[str, Command], place: Place, environment: Mapping[str, str]
) -> tuple[dict[str, list[Usage]], dict[str, int], dict[str, str]]:
    """What each command uses, how many files it changes, and of those that fail, why."""
    used: dict[str, list[Usage]] = {}
    changes: dict[str, int] = {}
    failures: dict[str, str] = {}
    for name, command in commands.items():
        print(f"{name} …", file=sys.stderr)
        place.renew()
        try:
            used[name] = [measure(command, environment)]
        except (FailedError, OSError) as error:
            failures[name] = str(error)
        else:
            changes[name] = changed(place)
    return used, changes, failures


def report(
    listed: Mapping[str, Peer],
    used: Mapping[str, Sequence[Usage]],
    changes: Mapping[str, int],
    failures: Mapping[str, str],
) -> bool:
    """Print the table of the peers; whether every bar is met."""
    met = True
    print("\n| | CPU ms, median | times cdk-medic | bar | peak MB | files changed | |")
    print("|---|---|---|---|---|---|---|")
    for name in (CHECK, FIX):
        print(
            f"| cdk-medic {name} | {median_ms(used[name]):.0f} | 1 | "
            f"| {peak_mb(used[name]):.0f} | {changes[name]} | |"
        )
    for name, peer in listed.items():
        bar = f"≥ {peer.bar:.2g} times {peer.like}" if peer.bar else ""
        if name in failures:
            met &= not peer.bar
            print(f"| {name} | does not run here: {failures[name]} | | {bar} | | | |")
            continue
        ratio = median_ratio(used[name], used[peer.like])
        met &= ratio >= peer.bar
        verdict = ("met" if ratio >= peer.bar else "**not met**") if peer.bar else ""
        print(
            f"| {name} | {median_ms(used[name]):.0f} | {ratio:.3g} | {bar} "
            f"| {peak_mb(used[name]):.0f} | {changes[name]} | {verdict} |"
        )
    return met


def main() -> int:
    """Install, measure, print the tables of cdk-medic alone and of its peers, and judge them."""
    parser = argparse.ArgumentParser(description="Measure cdk-medic and its peers in one run.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="leave out the slow peers")
    options = parser.parse_args()
    tools = installed()
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        listed = {
            name: peer
            for name, peer in peers(tools, place).items()
            if not (peer.slow and options.quick)
        }
        print(place.described() + "\n")
        own = place.commands()
        environment = {
            "PYTHONPATH": str(RULES),
            "SEMGREP_SETTINGS_FILE": str(Path(folder) / "semgrep.yml"),
            "SEMGREP_LOG_FILE": str(Path(folder) / "semgrep.log"),
        }
        commands = own | {name: peer.command for name, peer in listed.items()}
        used, changes, failures = first_round(commands, place, environment)
        again = {
            name: functools.partial(measure, command, environment)
            for name, command in commands.items()
            if name in used and not (name in listed and listed[name].slow)
        }
        for name, usages in in_turns(again, options.rounds - 1, place.renew).items():
            used[name] += usages
    good = check_speed.report({name: used[name] for name in own})
    return 0 if report(listed, used, changes, failures) and good else 1


if __name__ == "__main__":
    sys.exit(main())
