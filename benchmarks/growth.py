"""How the cost of a check grows with the number of rules and with the number of files.

    python -m benchmarks.growth [--rounds 5] [--most-files 10000]

Beside the real rules 24 more are written into a folder, of which the package of the rules is told.
They do what the real ones do: they look at one keyword of one construct that the code base uses,
resolve the callee and the value, and report one call of 25, so that 30 rules find about as much a
rule as six do. A check may cost 1.5 times as much with them, and 100 times as many files at most
100 times as much; it ends with 1 where one of the two is missed. What more rules cost by themselves
shows where all files are parsed for the real ones already, so that is measured as well.
"""

from __future__ import annotations

import argparse
import functools
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks.codebase import generate
from benchmarks.processes import MEDIC, Command, in_turns, measure, median_ms, median_ratio, peak_mb
from codemods import Policy, may_concern

WATCHED = {
    "aws_sqs.Queue": ("visibility_timeout", "dead_letter_queue", "fifo", "encryption"),
    "aws_sns.Topic": ("fifo", "master_key"),
    "aws_cloudwatch.Alarm": ("threshold", "evaluation_periods", "metric"),
    "aws_cloudwatch.Metric": ("statistic", "namespace"),
    "aws_dynamodb.Table": ("removal_policy", "partition_key", "point_in_time_recovery"),
    "aws_lambda.Function": ("timeout", "environment", "memory_size", "tracing"),
    "aws_s3.Bucket": ("versioned", "enforce_ssl"),
    "aws_rds.DatabaseInstance": ("multi_az", "instance_type", "deletion_protection"),
    "CfnOutput": ("export_name",),
}
RULE = '''
import ast
import zlib
from collections.abc import Iterator

from codemods.code.module import Module
from codemods.rule import Discovery, Level, Rule


class {class_name}(Rule):
    """Allow a keyword of a construct to be what it is."""

    level = Level.MEDIUM
    documentation = "https://docs.aws.amazon.com/cdk/v2/guide/best-practices.html"
    names = frozenset({{"{last}"}})
    arguments = frozenset({{"{keyword}"}})
    changes = ()
    deployed = "It is deployed."

    def check(self, reference: ast.expr, module: Module) -> Iterator[Discovery]:
        call = module.call_of(reference)
        if call is None or not module.names.means(reference, "aws_cdk.{construct}"):
            return
        passed = module.names.passed(call, "{keyword}")
        if passed is None:
            return
        value = module.names.value(passed[0])
        if zlib.crc32(module.code(call).encode()) % 25 == 0:
            yield Discovery(value or call, call, "It is one of 25.", "It is left alone.")
'''
MORE_RULES = """
import sys
import codemods.rules
codemods.rules.__path__.append(sys.argv[1])
from codemods.cli import main
sys.exit(main(sys.argv[2:]))
"""
MOST = 1.5


def write_rules(folder: Path) -> int:
    """Write the additional rules; how many there are."""
    pairs = [(construct, keyword) for construct, them in WATCHED.items() for keyword in them]
    for number, (construct, keyword) in enumerate(pairs):
        last = construct.rpartition(".")[2]
        text = RULE.format(
            class_name=f"Watched{number:02}", construct=construct, last=last, keyword=keyword
        )
        (folder / f"watched_{number:02}.py").write_text(text, encoding="utf-8")
    return len(pairs)


def concerned(corpus: Path, target: Path) -> Path:
    """Copy the files that the real rules have to parse, to the same places; gives the copy."""
    for path in corpus.rglob("*.py"):
        if may_concern(path.read_bytes(), Policy()):
            copy = target / path.relative_to(corpus)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    return target


def rules_grow(corpora: Mapping[str, Path], more: Path, rounds: int) -> bool:
    """Compare the real rules with these and the additional ones; whether the bar is met.

    Args:
        corpora: code bases by what they are called; the bar holds for the first.
        more: an empty folder for the additional rules.
        rounds: how often each command runs.
    """
    count = 6 + write_rules(more)
    judged: list[bool] = []
    print("| files | rules | CPU ms, median | times | bar | peak MB |\n|---|---|---|---|---|---|")
    for called, corpus in corpora.items():
        commands: dict[str, Command] = {
            "6": [*MEDIC, "check", corpus],
            f"{count}": [sys.executable, "-c", MORE_RULES, more, "check", corpus],
        }
        runs = {name: functools.partial(measure, command) for name, command in commands.items()}
        used = in_turns(runs, rounds, lambda: None)
        for name, usages in used.items():
            ratio = median_ratio(usages, used["6"])
            bar = f"≤ {MOST}" if name != "6" and not judged else ""
            ms, peak = median_ms(usages), peak_mb(usages)
            print(f"| {called} | {name} | {ms:.0f} | {ratio:.2f} | {bar} | {peak:.0f} |")
        judged.append(ratio <= MOST)
    return judged[0]


def files_grow(place: Path, most: int, rounds: int) -> bool:
    """Compare code bases of several sizes; whether the cost grows no faster than the files."""
    runs = {}
    for files in (most // 100, most // 10, most):
        folder = place / str(files)
        generate(folder, files)
        runs[str(files)] = functools.partial(measure, [*MEDIC, "check", folder])
    used = in_turns(runs, rounds, lambda: None)
    least = used[str(most // 100)]
    print("\n| files | CPU ms, median | times | ms a file | peak MB |\n|---|---|---|---|---|")
    for name, usages in used.items():
        ms = median_ms(usages)
        ratio, each = median_ratio(usages, least), ms / int(name)
        print(f"| {name} | {ms:.0f} | {ratio:.1f} | {each:.2f} | {peak_mb(usages):.0f} |")
    return median_ratio(used[str(most)], least) <= 100


def main() -> int:
    """Measure both, print the tables, and judge them."""
    parser = argparse.ArgumentParser(description="Measure how the cost of a check grows.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--most-files", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        corpus, more = Path(folder, "corpus"), Path(folder, "rules")
        generate(corpus)
        more.mkdir()
        corpora = {
            "all": corpus,
            "those that the 6 parse": concerned(corpus, Path(folder, "concerned")),
        }
        good = rules_grow(corpora, more, options.rounds)
        good &= files_grow(Path(folder), options.most_files, options.rounds)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
