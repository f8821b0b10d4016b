"""Write ignore comments: the finding stays, and the code says why.

Where a comment covers a finding is decided by `codemods.ignores` alone. So nothing here reasons
about statements: a place is tried, the file is analysed again, and the comment is kept where it
silences what it should, and where it is nothing but a comment.
"""

from __future__ import annotations

import ast
import io
import re
import textwrap
import tokenize
import unicodedata
import warnings
from collections.abc import Callable, Iterator

from codemods.base import Base
from codemods.code.layout import Layout
from codemods.code.source import Source
from codemods.engine import Analysis, analyse
from codemods.fixing import Fixed
from codemods.rule import Finding
from codemods.settings.policy import Policy

REASON_AT_MOST = 300
"""Characters of a reason; whoever has more to say writes it into the code."""

_MOST_COMMENTS = 50  # in one file; each costs an analysis
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_EXISTING = re.compile(r"(#\s*cdk-medic:\s*ignore\[)([^\]]*)(\])")


def ignore(
    source: bytes,
    path: str,
    policy: Policy | None = None,
    *,
    wanted: Callable[[Finding], bool],
    reason: str = "",
    base: Base | None = None,
) -> Fixed:
    """Add an ignore comment for every finding that is wanted.

    Args:
        source: the file as it is on disk.
        path: what findings call the file.
        policy: which rules run, as for `analyse`.
        wanted: takes a finding and says whether to silence it.
        reason: why; it becomes one line without anything that other tools would obey.
        base: what the base of the change has, as for `analyse`.

    Returns:
        The file, the findings that are silenced now, and what the file says then. A finding for
        whose comment there is no place, such as inside of a string of many lines, stays.
    """
    policy = policy or Policy()
    now = analyse(source, path, policy, base=base)
    targets = [finding for finding in now.findings if wanted(finding)][:_MOST_COMMENTS]
    for target in targets:
        found = next(
            (each for each in now.findings if each.fingerprint == target.fingerprint), None
        )
        if found is None:  # a comment before covers it too
            continue
        for candidate in _candidates(source, found, policy, plain(reason)):
            after = analyse(candidate, path, policy, base=base)
            if _holds(source, candidate, now, after, found):
                source, now = candidate, after
                break
    left = {finding.fingerprint for finding in now.findings}
    silenced = [target for target in targets if target.fingerprint not in left]
    return Fixed(source, tuple(silenced), now)


def plain(reason: str) -> str:
    """One line of visible characters, without what makes a comment an instruction."""
    visible = "".join(
        character if unicodedata.category(character)[0] != "C" else " " for character in reason
    )
    words = " ".join(visible.replace("#", " ").split())
    words = re.sub(r"(cdk-medic|coding)\s*[:=]", r"\1", words, flags=re.IGNORECASE)
    return words if len(words) <= REASON_AT_MOST else words[: REASON_AT_MOST - 1] + "…"


def _holds(before: bytes, after: bytes, then: Analysis, now: Analysis, target: Finding) -> bool:
    """Whether the target is silenced, no other rule is, and the code is the same."""
    left = {finding.fingerprint for finding in now.findings}
    gone = [finding for finding in then.findings if finding.fingerprint not in left]
    return (
        not now.problem
        and target.fingerprint not in left
        and all(finding.rule == target.rule for finding in gone)
        and _code(before) == _code(after)
    )


def _code(source: bytes) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.dump(ast.parse(source))


def _candidates(source: bytes, finding: Finding, policy: Policy, reason: str) -> Iterator[bytes]:
    text = Source(source)
    tree = text.parse()
    if text.uneditable:
        return
    lines = _LINE.findall(text.text)
    limit = Layout(text, tree, policy.line_length).line_limit
    at = finding.start.line - 1
    comments = _comments(text.text)
    mark = source[: text.bom_length]

    newline = "\r\n" if "\r\n" in text.text else "\n"

    def above(line: str) -> list[str]:
        body = line.rstrip("\r\n")
        indent = body[: len(body) - len(body.lstrip())]
        return [f"{indent}{each}{newline}" for each in _alone(comment, reason, limit - len(indent))]

    def made(changed: list[str]) -> bytes:
        return mark + "".join(changed).encode()

    for place in (at, at - 1):
        if place >= 0 and place + 1 in comments:
            extended = _extended(lines[place], comments[place + 1], finding.rule)
            if extended:
                yield made([*lines[:place], extended, *lines[place + 1 :]])
    comment = _comment(finding.rule, reason)
    body = lines[at].rstrip("\r\n")
    end = lines[at][len(body) :]
    if at + 1 not in comments and len(body) + 2 + len(comment) <= limit:
        yield made([*lines[:at], f"{body.rstrip()}  {comment}{end}", *lines[at + 1 :]])
    for place in dict.fromkeys((at, _statement(tree, at + 1) - 1)):
        yield made([*lines[:place], *above(lines[place]), *lines[place:]])


def _comment(rule: str, reason: str) -> str:
    comment = f"# cdk-medic: ignore[{rule}]"
    return f"{comment} -- {reason}" if reason else comment


def _alone(comment: str, reason: str, room: int) -> list[str]:
    """The comment as lines of its own; where it is too long, the reason precedes it."""
    if len(comment) <= room or not reason:
        return [comment]
    wrapped = textwrap.wrap(
        reason, max(20, room - len("# ")), break_long_words=False, break_on_hyphens=False
    )
    return [*(f"# {words}" for words in wrapped), comment.replace(f"-- {reason}", "-- see above")]


def _extended(line: str, column: int, rule: str) -> str:
    """The line with the rule added to the ignore comment that begins at that column."""
    code, comment = line[:column], line[column:]
    more = _EXISTING.sub(
        lambda found: f"{found[1]}{found[2].strip()}, {rule}{found[3]}", comment, 1
    )
    return "" if more == comment else code + more


def _comments(text: str) -> dict[int, int]:
    """The column of the comment on each line (1-based) that has one."""
    try:
        return {
            token.start[0]: token.start[1]
            for token in tokenize.generate_tokens(io.StringIO(text).readline)
            if token.type == tokenize.COMMENT
        }
    except (tokenize.TokenError, SyntaxError):
        return {}


def _statement(tree: ast.Module, line: int) -> int:
    """The first line of the innermost statement that has code on a line."""
    inside = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    return max((node.lineno for node in inside), default=line)
