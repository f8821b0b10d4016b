"""What `cdk-medic check` does."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from codemods.desk import report
from codemods.desk.run import Request, Run, without_collector
from codemods.desk.terminal import terminal
from codemods.engine import analyse


def check(request: Request, form: str) -> int:
    """Report what is wrong, in one of the forms of `--format`, and give the exit code."""
    with_edits = form in {"json", "sarif"}
    run = Run(request, with_sources=with_edits)
    base = request.read_base()
    with without_collector():
        for path, data, identity, policy in run.each_file("Checking"):
            analysis = analyse(data, identity, policy, edits=with_edits, base=base)
            run.keep(path, data, analysis, policy)
    for text in _report(run, form):
        print(text)
    return run.exit_code


def _report(run: Run, form: str) -> Iterator[str]:
    """What goes to stdout, in pieces; the modules of other forms are imported where asked for."""
    summary = report.found(run.outcome.findings, run.outcome.files, run.request.wishes.select)
    if form == "json":
        from codemods.desk import json_report

        yield json_report.document(run.outcome)
    elif form == "sarif":
        from codemods.desk import sarif_report

        yield sarif_report.document(run.outcome)
    elif form == "github":
        from codemods.desk import github_report

        yield from github_report.commands(run.outcome)
        yield summary
    else:
        yield from blocks(run)
        yield summary


def blocks(run: Run) -> Iterator[str]:
    """Each finding as a paragraph."""
    looks = terminal(sys.stdout)
    return (report.block(excerpt, looks) for excerpt in run.excerpts)
