"""The message of a fix commit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot import markdown
from bot.words import count, sentence
from bot.work import IgnoreFinding
from codemods import Finding

_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})")
REQUEST = "Cdk-Medic-Request"


def short(sha: str) -> str:
    """The first seven digits, as GitHub abbreviates a commit."""
    return sha[:7]


def headline(applied: Sequence[Finding]) -> str:
    """The first line: at most 72 characters."""
    rules = sorted({finding.rule for finding in applied})
    if len(rules) == 1:
        where = sorted({finding.path for finding in applied})
        line = f"Fix {rules[0]}"
        longer = f"{line} in {markdown.commit_text(where[0])}"
        return longer if len(where) == 1 and len(longer) <= 72 else line
    return f"Fix {count(len(applied), 'finding')} of {len(rules)} rules"


def body(applied: Sequence[Finding], request_name: str, login: str, account: int) -> str:
    """The reasons, who asked, and the mark that finds this commit again.

    Args:
        applied: what the commit fixes.
        request_name: see `bot.work.Request.request`.
        login: of the person who asked.
        account: that person's number, which GitHub's own no-reply address contains.
    """
    return "\n\n".join([reasons(applied), _trailers(request_name, login, account)])


def unasked_body(applied: Sequence[Finding], head: str, base_branch: str) -> str:
    """Rules, places and reasons, why nobody was asked, and the mark that finds this commit again.

    Args:
        applied: what the commit fixes.
        head: the commit that was reviewed.
        base_branch: the branch whose configuration asks for it.
    """
    branch = markdown.commit_text(base_branch)
    why = f'Nobody pressed a button: the configuration of {branch} says mode = "commit".'
    return "\n\n".join([reasons(applied), why, _trailers(f"mode-{head}", "", 0)])


def reasons(applied: Sequence[Finding]) -> str:
    """Rules, places, and why each fix is safe or not."""
    parts = []
    for rule in sorted({finding.rule for finding in applied}):
        findings = [finding for finding in applied if finding.rule == rule]
        lines = [f"{rule}: {markdown.commit_text(sentence(findings[0].message), 500)}"]
        for finding in findings[:20]:
            where = markdown.commit_text(finding.path)
            lines.append(f"- {where}:{finding.start.line}{_reason(finding)}")
        if len(findings) > 20:
            lines.append(f"- and {len(findings) - 20} more")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def ignoring_headline(silenced: Sequence[Finding]) -> str:
    """The first line of a commit that adds ignore comments."""
    rule = silenced[0].rule
    where = sorted({finding.path for finding in silenced})
    longer = f"Ignore {rule} in {markdown.commit_text(where[0])}"
    return longer if len(where) == 1 and len(longer) <= 72 else f"Ignore {rule}"


def ignoring_body(silenced: Sequence[Finding], job: IgnoreFinding) -> str:
    """Places, the reason that was given, who asked, and the mark that finds this commit again."""
    lines = [f"- {markdown.commit_text(each.path)}:{each.start.line}" for each in silenced[:20]]
    if len(silenced) > 20:
        lines.append(f"- and {len(silenced) - 20} more")
    reason = markdown.commit_text(sentence(job.reason), 500) if job.reason else "No reason given."
    trailers = _trailers(job.request, job.requested_by, job.requested_by_id)
    return "\n\n".join([reason, "\n".join(lines), trailers])


def answers(message: str, request_name: str) -> bool:
    """Whether this message is of the commit that a request has made already."""
    return f"{REQUEST}: {request_name}" in message.splitlines()


def made_by_request(message: str) -> bool:
    """Whether this is the message of a fix commit."""
    return any(line.startswith(f"{REQUEST}: ") for line in message.splitlines())


def _trailers(request_name: str, login: str, account: int) -> str:
    trailers = [f"{REQUEST}: {request_name}"]
    if _LOGIN.fullmatch(login) and account > 0:
        address = f"{account}+{login}@users.noreply.github.com"
        trailers.append(f"Co-authored-by: {login} <{address}>")
    return "\n".join(trailers)


def _reason(finding: Finding) -> str:
    if finding.fix is None:
        return ""
    reason = markdown.commit_text(sentence(finding.fix.reason), 300)
    return f" ({finding.fix.safety.value}): {reason}"
