"""What a fix pull request says: its title, its text, and the message of its commit."""

from __future__ import annotations

from collections.abc import Sequence

from bot import commit, markdown
from bot.fix_pull_requests import changes
from bot.fix_pull_requests.changes import Pins
from bot.fix_pull_requests.groups import Group
from bot.fix_pull_requests.plan import Reason, Wanted, mark
from bot.words import count, sentence
from codemods import Finding, Safety

_FOOTER = """\
I keep this up to date for as long as nobody else pushes to it. Close it, and I don't open it \
again. Only what the templates say is known here; `cdk diff` shows what a deployment would do."""

_CLOSING = {
    Reason.FIXED: "Nothing that this would fix is left on the default branch, so I close it.",
    Reason.CONFIGURED: "The default branch configures me by now, so I close this.",
    Reason.SWITCHED_OFF: (
        "The configuration asks for no fix pull requests any more, so I close this."
    ),
    Reason.GROUPED_OTHERWISE: (
        "The configuration groups fixes differently by now, so I close this; another one follows."
    ),
}


def fix(group: Group, pins: Pins) -> Wanted:
    """The fix pull request of a group."""
    files = tuple((path, after) for path, (_, after) in sorted(group.files.items()))
    return Wanted(
        branch=group.branch,
        title=commit.headline(group.findings),
        body=body(group, pins, _FOOTER, mark(group.content)),
        files=files,
        headline=commit.headline(group.findings),
        message=commit.reasons(group.findings),
    )


def stacked(group: Group, number: int) -> str:
    """The text of one that goes to the branch of the pull request of this number."""
    footer = (
        f"Merge this into the branch of #{number} to take the fixes, close it to leave them. "
        "It is for the commit that it stands on, and I don't change it any more."
    )
    return body(group, {}, footer, mark(group.content))


def body(group: Group, pins: Pins, footer: str, ending: str) -> str:
    """The text: what it does, what it touches, what else pins that, and all details folded.

    Args:
        group: the fixes.
        pins: of its findings.
        footer: what follows from merging it and closing it.
        ending: the hidden mark.
    """
    parts = [_first(group), changes.table(group.findings)]
    pinned = changes.pinned(group.findings, pins)
    if pinned:
        parts.append(pinned)
    parts.append(changes.details(group.findings, group.files))
    if group.left:
        parts.append(markdown.details(_left(group.left), changes.reasons(group.left)))
    return markdown.cut("\n\n".join(parts) + "\n", f"\n<sub>{footer}</sub>\n\n{ending}")


def closing(reason: Reason) -> str:
    """The sentence that closes a pull request."""
    return _CLOSING[reason]


def asking(rule: str) -> str:
    """What a person is asked who closed a fix pull request; `rule` is "" where it had many."""
    name = rule or "RULE"
    return (
        "All right, I don't open this again. Would you tell me here why, for whoever wonders "
        "later?\n\n"
        f"To silence {'the rule' if rule else 'a rule'} everywhere, add "
        f'`ignore = ["{name}"]` to `.cdk-medic.toml`; at one place, write '
        f"`# cdk-medic: ignore[{name}] -- the reason` above the line. "
        "Reopen this pull request and I keep it up to date again."
    )


def _first(group: Group) -> str:
    """The line that somebody in a hurry reads."""
    findings, where = group.findings, list(group.files)
    rules = list(dict.fromkeys(finding.rule for finding in findings))
    what = f"of {markdown.code(rules[0])}" if len(rules) == 1 else f"of {len(rules)} rules"
    place = markdown.code(where[0]) if len(where) == 1 else count(len(where), "file")
    line = f"**Fixes {count(len(findings), 'finding')}** {what} in {place}."
    titles = {finding.fix.title for finding in findings if finding.fix}
    if len(titles) == 1:
        line += f" {markdown.text(sentence(titles.pop()))}"
    return f"{line} {_consequence(findings)}"


def _consequence(findings: Sequence[Finding]) -> str:
    fixes = [finding.fix for finding in findings if finding.fix]
    unsafe = len([fix for fix in fixes if fix.safety is Safety.UNSAFE])
    replaced = list(dict.fromkeys(name for fix in fixes for name in fix.replaces))
    facts = []
    if changes.costs(findings):
        facts.append(f"costs {changes.costs(findings)}")
    facts.append(f"replaces {', '.join(map(markdown.code, replaced)) or 'nothing'}")
    line = f"It {' and '.join(facts)}."
    if not unsafe:
        return line
    which = (
        "This is"
        if unsafe == len(fixes)
        else f"{count(unsafe, 'fix')} in it " + ("is" if unsafe == 1 else "are")
    )
    return f"{line} {which} **unsafe** for what is deployed, so somebody has to decide."


def _left(left: Sequence[Finding]) -> str:
    return f"{count(len(left), 'finding')} that this does not fix"
