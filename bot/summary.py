"""The summary comment: one a pull request, edited in place."""

from __future__ import annotations

from collections.abc import Sequence

from bot import markdown
from bot.commit import short
from bot.report import Placed, Report
from bot.words import brief, count, money, offer, place, sentence, template
from codemods import Safety

MARKER = "summary"

COMMANDS = """\
| command | what it does |
| --- | --- |
| `/fix` | commits every safe fix |
| `/fix RULE…` | commits the safe fixes of these rules |
| `/fix path/to/file.py` | commits the safe fixes in this file |
| `/fix --unsafe RULE…` | commits the unsafe fixes of these rules as well |
| `/fix SHA` | as `/fix`, only if the branch is still at this commit |
| `/fix help` | shows this table |

A command is the first line of a comment. On a pull request from a fork it needs the SHA, all 40
digits of it."""

_ROWS_AT_MOST = 150


def is_summary(body: str) -> bool:
    """Whether a comment of the bot is its summary."""
    return f"<!-- cdk-medic:{MARKER} -->" in body


def summary(report: Report, *, exists: bool) -> str | None:
    """The text of the summary comment.

    Args:
        report: what was found.
        exists: whether the pull request has a summary already.

    Returns:
        The text, or None where there is nothing to say and nothing to correct.
    """
    if not report.new and not report.old and not report.problems:
        return _all_fixed(report) if exists else None
    parts = [f"### {_heading(report)}"]
    if report.new:
        parts.append(_table(report.new))
    if report.old:
        number = count(len(report.old), "finding")
        verb = "was" if len(report.old) == 1 else "were"
        parts.append(
            markdown.details(f"{number} {verb} here before, in the same files", _table(report.old))
        )
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
    if report.problems:
        parts.append(_problems(report))
    return markdown.cut("\n\n".join(parts) + "\n", _ending(report))


def _heading(report: Report) -> str:
    if report.new:
        return f"cdk-medic: {count(len(report.new), 'finding')} on changed lines"
    if report.old:
        return "cdk-medic: no findings on changed lines"
    return f"cdk-medic: {count(len(report.problems), 'file')} not analysed"


def _all_fixed(report: Report) -> str:
    return (
        "### cdk-medic: all findings are fixed\n\n"
        f"Nothing is left to fix at {short(report.head)}.\n\n{markdown.marker(MARKER)}"
    )


def _table(findings: Sequence[Placed]) -> str:
    rows = [
        (
            markdown.code(placed.finding.rule),
            placed.finding.level.label,
            place(placed.finding),
            brief(placed.finding),
            money(placed.finding),
            template(placed.finding),
        )
        for placed in findings[:_ROWS_AT_MOST]
    ]
    head = ("rule", "level", "where", "fix", "cost a month", "CloudFormation")
    more = len(findings) - len(rows)
    text = markdown.table(head, rows)
    return text + f"\n\n{more} more are annotations of the check run." if more else text


def _problems(report: Report) -> str:
    lines = [
        f"- {markdown.code(path)}: {markdown.text(sentence(reason))}"
        for path, reason in report.problems[:_ROWS_AT_MOST]
    ]
    return "**Not analysed**\n\n" + "\n".join(lines)


def _ending(report: Report) -> str:
    safe, unsafe = len(report.fixable(Safety.SAFE)), len(report.fixable(Safety.UNSAFE))
    parts = []
    if safe or unsafe:
        parts.append(offer(safe, unsafe))
        parts.append(markdown.details("Commands", COMMANDS))
    parts.append(f"<sub>At {short(report.head)}.</sub>")
    return "\n" + "\n\n".join(parts) + "\n\n" + markdown.marker(MARKER)
