"""The pull request that introduces the bot to a repository."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from bot import markdown
from bot.fix_pull_requests import changes
from bot.fix_pull_requests.changes import Files, Pins
from bot.fix_pull_requests.plan import ONBOARDING, Wanted, mark
from bot.words import count
from codemods import Finding, Safety
from codemods.settings.configuration import OWN_FILE

_CONFIGURATION = """\
# How cdk-medic treats this repository. Every key is optional; lines that are commented out show
# other values.

# "pull-request": reviews pull requests, and opens its own for what this branch has already.
# "suggest": reviews pull requests only. "report": only a check, no comments.
mode = "pull-request"

# Rules that don't run, and files that are left alone (patterns as in .gitignore):
# ignore = ["implicit-iam-grant"]
# exclude = ["legacy/"]

[fix-pull-requests]
# group = "all"  # one pull request with everything, instead of one a rule
# limit = 1  # open at once
# labels = ["cdk-medic", "infrastructure"]
{unsafe}
# [pull-request]
# fail-on = "critical"  # new findings from this level on make the check fail
"""

_UNSAFE = """\
# Rules whose fixes are proposed although they are unsafe for what is deployed. Each waits in a
# pull request for somebody to decide.
unsafe = [
{rules}]
"""

TITLE = "Configure cdk-medic"

_MEANING = f"""\
**Merge this** and I open pull requests with these fixes, one a rule, three at once, for you to \
decide. `{OWN_FILE}` says so: take out of it what you don't want. I follow up when the code \
changes, and never merge anything.

**Close this** and I only review pull requests, which I do in either case. I don't open this \
again."""

_COMMIT = """\
It opens pull requests for what the default branch has, and not only reviews those of others."""


def onboarding(findings: Sequence[Finding], files: Files, pins: Pins) -> Wanted:
    """The onboarding pull request.

    Args:
        findings: everything that the default branch has, gravest first; not advisories alone.
        files: what all its fixes together, safe or not, would make of the files.
        pins: of the findings.
    """
    counted = [finding for finding in findings if not finding.on_request]
    advisories = [finding for finding in findings if finding.on_request]
    parts = [_first(counted), _MEANING, changes.table(counted)]
    pinned = changes.pinned(counted, pins)
    if pinned:
        parts.append(pinned)
    parts.append("What each fix would change, and why it is safe or not:")
    parts.append(changes.details(counted, files))
    if advisories:
        label = f"{count(len(advisories), 'advisory')}, fixed only when asked for by name"
        parts.append(markdown.details(label, changes.reasons(advisories)))
    content = configuration(counted).encode()
    digest = hashlib.sha256(content).hexdigest()[:32]
    return Wanted(
        branch=ONBOARDING,
        title=TITLE,
        body=markdown.cut("\n\n".join(parts) + "\n", f"\n{mark(digest)}"),
        files=((OWN_FILE, content),),
        headline=TITLE,
        message=_COMMIT,
    )


def configuration(findings: Sequence[Finding]) -> str:
    """The file that is proposed to a repository with these findings.

    Rules whose fixes are unsafe there are asked for by name, as otherwise hardly anything would be
    proposed: what a default branch has counts as deployed. Those that replace a resource are left
    to be asked for.
    """
    lines = []
    for rule in sorted({finding.rule for finding in findings}):
        fixes = [finding.fix for finding in findings if finding.rule == rule and finding.fix]
        unsafe = [fix for fix in fixes if fix.safety is Safety.UNSAFE]
        replaced = list(dict.fromkeys(name for fix in unsafe for name in fix.replaces))
        if replaced:
            lines.append(f'    # "{rule}",  # replaces {", ".join(replaced)}\n')
        elif unsafe:
            lines.append(f'    "{rule}",\n')
    unsafe_rules = _UNSAFE.format(rules="".join(lines)) if lines else ""
    return _CONFIGURATION.format(unsafe=unsafe_rules)


def farewell() -> str:
    """What a person is told who closed the onboarding pull request."""
    return (
        "All right: I review pull requests and open none of my own. Would you tell me here why, "
        "for whoever wonders later?\n\n"
        f'`mode = "pull-request"` in `{OWN_FILE}` turns them on at any time, `mode = "report"` '
        "makes me say even less."
    )


def _first(findings: Sequence[Finding]) -> str:
    where = {finding.path for finding in findings}
    levels = [
        f"{len(here)} {level.label}"
        for level in sorted({finding.level for finding in findings}, reverse=True)
        if (here := [finding for finding in findings if finding.level is level])
    ]
    fixes = [finding.fix for finding in findings if finding.fix]
    unsafe = len([fix for fix in fixes if fix.safety is Safety.UNSAFE])
    line = (
        f"I found **{count(len(findings), 'production mistake')}** in {count(len(where), 'file')} "
        f"of this repository's CDK code: {', '.join(levels)}. I can fix {_of(len(fixes), findings)}"
    )
    if not unsafe:
        return f"{line}."
    return (
        f"{line}; {_of(unsafe, fixes)} {'is' if unsafe == 1 else 'are'} unsafe where this is "
        "deployed, as the table says."
    )


def _of(number: int, whole: Sequence[object]) -> str:
    if number == len(whole):
        return "it" if number == 1 else "all of them"
    return f"{number} of them"
