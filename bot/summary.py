"""The summary comment: one a pull request, edited in place."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot import boxes, markdown
from bot.commit import short
from bot.events import SUMMARY
from bot.report import Placed, Report
from bot.words import CANNOT_PUSH, brief, count, money, place, problems, template
from codemods import Finding, Safety

COMMANDS = """\
| command | what it does |
| --- | --- |
| `/fix` | commits every safe fix |
| `/fix RULE…` | commits the safe fixes of these rules |
| `/fix path/to/file.py` | commits the safe fixes in this file |
| `/fix --unsafe RULE…` | commits the unsafe fixes of these rules as well |
| `/fix --pr` | proposes the safe fixes as a pull request onto this branch; takes rules, paths and \
`--unsafe RULE…` as well |
| `/fix SHA` | as `/fix`, only if the branch is still at this commit |
| `/fix ignore RULE [path.py[:line]] [reason]` | adds the comment that silences the rule there |
| `/fix help` | shows this table |

A command is the first line of a comment. On a pull request from a fork it needs the SHA, all 40
digits of it."""

_ROWS_OPEN = 12
"""So many findings have a row each; of more, somebody wants to know which kinds first."""

_ROWS_AT_MOST = 150
_TABLE_AT_MOST = 20_000  # characters; long paths make few rows
_REASONS_AT_MOST = 15_000  # characters, of one table's; the whole comment takes four times that

_OR_PATCH = "This patch has the safe fixes, for whoever may push to the branch:"
_REST = "The rest does not fit into one comment: the annotations of the check run have it all.\n\n"


def is_summary(body: str) -> bool:
    """Whether a comment of the bot is its summary."""
    return bool(markdown.marked(body, SUMMARY))


def summary(report: Report, *, exists: bool) -> str | None:
    """The text of the summary comment.

    Args:
        report: what was found.
        exists: whether the pull request has a summary already.

    Returns:
        The text, or None where there is nothing to say and nothing to correct.
    """
    if not (report.new or report.old or report.problems or report.silenced):
        return _all_fixed(report) if exists else None
    parts = [f"### {_heading(report)}"]
    if report.new:
        parts.append(_table(report.new) if len(report.new) <= _ROWS_OPEN else _many(report.new))
    if report.old:
        parts.append(markdown.details(_before(report), _table(report.old)))
    if report.silenced:
        lines = [
            f"- {markdown.code(finding.rule)} at {place(finding)}" for finding in report.silenced
        ]
        parts.append(
            markdown.details(
                f"{count(len(report.silenced), 'finding')} silenced here by a comment in the code",
                "\n".join(lines[:_ROWS_AT_MOST]),
            )
        )
    parts += [markdown.text(note) for note in report.notes]
    if report.problems:
        parts.append(f"**Not analysed**\n\n{problems(report.problems)}")
    return _within_limit(parts, _ending(report), report.patch)


def _within_limit(parts: Sequence[str], ending: str, patch: str) -> str:
    """The parts that fit in front of the ending, each whole: half of one would fold the rest."""
    room = markdown.COMMENT_LIMIT - len(ending) - len(_REST) - len(_OR_PATCH)
    kept: list[str] = []
    for part in parts:
        room -= len(part) + 2
        if room < 0:
            kept.append(_REST)
            break
        kept.append(part)
    if patch and len(patch) < room:
        kept += [_OR_PATCH, patch]
    return "\n\n".join(kept) + "\n" + ending


def _heading(report: Report) -> str:
    if report.new:
        return f"cdk-medic: {count(len(report.new), 'new finding')}"
    if report.old or not report.problems:
        return "cdk-medic: no new findings"
    return f"cdk-medic: {count(len(report.problems), 'file')} not analysed"


def _before(report: Report) -> str:
    number = f"{len(report.old)} more" if report.new else count(len(report.old), "finding")
    return f"{number} {'was' if len(report.old) == 1 else 'were'} here before"


def _all_fixed(report: Report) -> str:
    return (
        "### cdk-medic: all findings are fixed\n\n"
        f"Nothing is left to fix at {short(report.head)}.\n\n"
        f"{markdown.marker(SUMMARY, report.head)}"
    )


def _table(findings: Sequence[Placed]) -> str:
    """Short cells, so that it fits a narrow screen; the sentences are folded away below it."""
    first = [placed.finding for placed in findings[:_ROWS_AT_MOST]]
    names = short_paths({finding.path for finding in first})
    rows: list[tuple[str, str]] = []
    room = _TABLE_AT_MOST
    for finding in first:
        what = f"{finding.level.label} {markdown.code(finding.rule)}<br>" + markdown.code(
            f"{names[finding.path]}:{finding.start.line}"
        )
        row = (what, _fix(finding))
        room -= len(what) + len(row[1])
        if room < 0:
            break
        rows.append(row)
    shown = first[: len(rows)]
    parts = [markdown.table(("finding", "fix"), rows)]
    if len(findings) > len(shown):
        parts.append(f"{len(findings) - len(shown)} more are annotations of the check run.")
    reasons = _reasons(shown)
    parts.append(markdown.details("What each fix does, and why it is safe or not", reasons))
    return "\n\n".join(parts)


def _many(findings: Sequence[Placed]) -> str:
    """A row a rule, gravest first, and every finding folded below."""
    by_rule: dict[str, list[Finding]] = {}
    for placed in findings:
        by_rule.setdefault(placed.finding.rule, []).append(placed.finding)
    rows = [
        (
            f"{those[0].level.label} {markdown.code(rule)}<br>{_amount(those)}",
            _fixes(those),
        )
        for rule, those in by_rule.items()
    ]
    everything = markdown.details(f"All {len(findings)} findings", _table(findings))
    return f"{markdown.table(('findings', 'fixes'), rows)}\n\n{everything}"


def _amount(findings: Sequence[Finding]) -> str:
    files = len({finding.path for finding in findings})
    return f"{count(len(findings), 'finding')} in {count(files, 'file')}"


def _fixes(findings: Sequence[Finding]) -> str:
    """How many fixes of each kind there are, and what all of them cost."""
    fixes = [finding.fix for finding in findings if finding.fix is not None]
    numbers = {
        "safe": len([fix for fix in fixes if fix.safety is Safety.SAFE]),
        "**unsafe**": len([fix for fix in fixes if fix.safety is Safety.UNSAFE]),
        "by hand": len(findings) - len(fixes),
    }
    answer = ", ".join(f"{number} {word}" for word, number in numbers.items() if number)
    cost = sum(fix.monthly_cost_usd or 0.0 for fix in fixes)
    return f"{answer}<br>{cost:+,.2f} USD a month" if cost else answer


def _fix(finding: Finding) -> str:
    if finding.fix is None:
        return "by hand"
    answer = "safe" if finding.fix.safety is Safety.SAFE else "**unsafe**"
    return f"{answer}<br>{money(finding)} a month" if money(finding) else answer


def _reasons(findings: Sequence[Finding]) -> str:
    lines: list[str] = []
    room = _REASONS_AT_MOST
    for finding in findings:
        facts = [f"**{markdown.code(finding.rule)}** at {place(finding)}.", brief(finding)]
        if template(finding):
            facts.append(f"CloudFormation {template(finding)}.")
        line = f"- {' '.join(facts)}"
        room -= len(line)
        if room < 0:
            lines.append(f"- {len(findings) - len(lines)} more are told at their annotations.")
            break
        lines.append(line)
    return "\n".join(lines)


def short_paths(paths: Collection[str]) -> dict[str, str]:
    """Each path's shortest ending, in whole names, that no other of them has."""
    short: dict[str, str] = {}
    for path in paths:
        parts = path.split("/")
        endings = ["/".join(parts[-length:]) for length in range(1, len(parts) + 1)]
        short[path] = next(
            (
                ending
                for ending in endings
                if not any(f"/{other}".endswith(f"/{ending}") for other in paths if other != path)
            ),
            path,
        )
    return short


def _ending(report: Report) -> str:
    safe, unsafe = report.fixable(Safety.SAFE), report.fixable(Safety.UNSAFE)
    parts = []
    if (safe or unsafe) and not report.pushable:
        parts.append(CANNOT_PUSH)
    elif safe or unsafe:
        parts.append("Tick a box and I commit its fixes to this branch:")
        parts.append(boxes.render(safe, unsafe))
        parts.append(markdown.details("Commands", COMMANDS))
    parts.append(f"<sub>At {short(report.head)}.</sub>")
    return "\n" + "\n\n".join(parts) + "\n\n" + markdown.marker(SUMMARY, report.head)
