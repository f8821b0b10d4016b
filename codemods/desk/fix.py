"""What `cdk-medic fix` does: write the fixes, show them, or ask about each."""

from __future__ import annotations

import enum
import sys
from dataclasses import replace

from codemods import fixing
from codemods.desk import report
from codemods.desk.check import blocks
from codemods.desk.interactive import Conversation, Place
from codemods.desk.run import Request, Run, complain, without_collector
from codemods.desk.terminal import terminal
from codemods.desk.unified_diff import unified_diff
from codemods.desk.writing import NotWrittenError, replace_file
from codemods.engine import analyse
from codemods.rule import Finding


class Way(enum.Enum):
    """What `fix` does with the fixes: write them, show them as a diff, or ask about each."""

    WRITE = enum.auto()
    SHOW = enum.auto()
    ASK = enum.auto()


def fix(request: Request, *, unsafe: bool, way: Way) -> int:
    """Fix what can be fixed, and give the exit code that a check then has."""
    run = Run(request)
    base = request.read_base()
    named = request.wishes.select
    applied: list[Finding] = []
    diffs: list[bytes] = []
    conversation = Conversation(named) if way is Way.ASK else None

    def wanted(finding: Finding) -> bool:
        return report.fixable(finding, named, unsafe=unsafe)

    with without_collector():
        for path, data, identity, policy in run.each_file("" if conversation else "Fixing"):
            place = Place(path, data, identity, policy)
            chosen = conversation.choose(place, base) if conversation else wanted
            fixed = fixing.fix(
                data,
                identity,
                policy,
                unsafe=unsafe or conversation is not None,
                wanted=chosen,
                base=base,
            )
            after, analysis = fixed.source, fixed.analysis
            if after != data and way is Way.SHOW:
                diffs.append(unified_diff(path, data, after))
            elif after != data and not _written(run, path, data, after):
                run.keep(path, data, analyse(data, identity, policy, base=base), policy)
                continue
            applied += [replace(finding, path=path) for finding in fixed.applied]
            run.keep(path, after, analysis, policy)
    return _reported(run, applied, diffs, way)


def _reported(run: Run, applied: list[Finding], diffs: list[bytes], way: Way) -> int:
    named = run.request.wishes.select
    summary = report.fixed(applied, run.outcome.findings, named, dry=way is Way.SHOW)
    if way is Way.SHOW:
        sys.stdout.flush()
        sys.stdout.buffer.write(b"".join(diffs))
        complain(summary)
        return run.exit_code
    looks = terminal(sys.stdout)
    for finding in applied:
        print(report.done(finding, looks))
    left = () if way is Way.ASK else tuple(blocks(run))  # each was on the screen a moment ago
    if applied and left:
        print()
    for text in (*left, summary):
        print(text)
    return run.exit_code


def _written(run: Run, path: str, before: bytes, after: bytes) -> bool:
    try:
        replace_file(path, before, after)
    except NotWrittenError as error:
        run.trouble(path, str(error))
        return False
    return True
