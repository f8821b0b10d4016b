"""What a comment asks the bot to do.

Only the first line of a comment is a command, and only outside quotes and code: people talk *about*
`/fix` as well. Nothing here knows GitHub; whether the asker may, and whether the rule exists, is
decided where the command is carried out.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

_SHA = re.compile(r"[0-9a-f]{7,40}", re.IGNORECASE)
_RULE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", re.IGNORECASE)
_PLACE = re.compile(r"(\S+\.py)(?::(\d{1,7}))?")
_WHOLE_SHA = re.compile(r"[0-9a-f]{40}", re.IGNORECASE)
_WORDS_AT_MOST = 50
_REASON_AT_MOST = 1000  # characters; what becomes a comment is shorter still


@dataclass(frozen=True, slots=True)
class FixCommand:
    """`/fix [--pr] [--unsafe] [RULE…] [PATH…] [SHA]`: which fixes, where, and on which head.

    With `proposes` they come as a pull request onto the branch, not as a commit on it.
    """

    rules: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    unsafe: bool = False
    sha: str = ""
    proposes: bool = False


@dataclass(frozen=True, slots=True)
class IgnoreCommand:
    """`/fix ignore RULE [PATH[:LINE]] [SHA] [reason]`: silence findings by comments in the code.

    `line` is 0 where no line is named; a SHA is taken for one only with all of its 40 digits, as a
    reason may hold anything.
    """

    rule: str
    path: str = ""
    line: int = 0
    sha: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HelpCommand:
    """`/fix help`: say which commands exist."""


@dataclass(frozen=True, slots=True)
class MistakenCommand:
    """A `/fix` that cannot be understood; `problem` is the sentence that answers it."""

    problem: str


Command = FixCommand | IgnoreCommand | HelpCommand | MistakenCommand


def parse(body: str) -> Command | None:
    """Read the command on the first line of a comment.

    Args:
        body: the comment as GitHub stores it, with either kind of newline.

    Returns:
        The command, or None where the comment is not addressed to the bot.
    """
    first = body.split("\n", 1)[0].rstrip()
    words = first.split()
    if not words or words[0] != "/fix" or first[0] != "/":
        return None
    words = words[1:]
    if words and words[0].lower() == "ignore":
        return _ignore(words[1:])
    if len(words) > _WORDS_AT_MOST:
        return MistakenCommand(f"A command may have at most {_WORDS_AT_MOST} words.")
    if [word.lower() for word in words] == ["help"]:
        return HelpCommand()
    return _fix(words)


def _fix(words: Sequence[str]) -> FixCommand | MistakenCommand:
    rules: list[str] = []
    paths: list[str] = []
    shas: list[str] = []
    unsafe = proposes = False
    for word in words:
        if word == "--unsafe":
            unsafe = True
        elif word == "--pr":
            proposes = True
        elif word.startswith("-"):
            return MistakenCommand(f"I don't know the option {word}; there are --pr and --unsafe.")
        elif _SHA.fullmatch(word):
            shas.append(word.lower())
        elif "/" in word or word.endswith(".py"):
            paths.append(word.removeprefix("./"))
        elif _RULE.fullmatch(word):
            rules.append(word.lower())
        else:
            return MistakenCommand(
                f"I don't understand “{word}”: it is no rule, no path and no commit SHA."
            )
    if unsafe and not rules:
        return MistakenCommand("--unsafe needs the rule by name: /fix --unsafe RULE.")
    if len(shas) > 1:
        return MistakenCommand("A command is bound to one commit, and this one names several.")
    return FixCommand(tuple(rules), tuple(paths), unsafe, "".join(shas), proposes)


def _ignore(words: Sequence[str]) -> IgnoreCommand | MistakenCommand:
    if not words or not _RULE.fullmatch(words[0]):
        return MistakenCommand("“ignore” needs the rule by name: /fix ignore RULE [reason].")
    path, line, sha = "", 0, ""
    rest = list(words[1:])
    while rest:
        place = _PLACE.fullmatch(rest[0])
        if place and not path:
            path, line = place[1].removeprefix("./"), int(place[2] or 0)
        elif _WHOLE_SHA.fullmatch(rest[0]) and not sha:
            sha = rest[0].lower()
        else:
            break
        del rest[0]
    if rest[:1] == ["--"]:
        del rest[0]
    return IgnoreCommand(words[0].lower(), path, line, sha, " ".join(rest)[:_REASON_AT_MOST])


def unknown_rule(asked: Collection[str], known: Collection[str]) -> str:
    """The sentence that answers a rule which doesn't exist, naming the nearest; "" if all do."""
    for name in asked:
        if name in known:
            continue
        nearest = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)
        if nearest:
            return f"There is no rule {name}. Did you mean {nearest[0]}?"
        return f"There is no rule {name}. The rules are {', '.join(sorted(known))}."
    return ""
