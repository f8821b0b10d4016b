"""What a child does: one line says what is asked about every file, each further line is a file.

Both are JSON objects, and each file is answered by a line. `analyser` has the fields.
"""

from __future__ import annotations

import base64
import json
import resource
import socket
from collections.abc import Callable, Mapping
from typing import Any

import codemods
from bot.analysis import configuring, wire
from bot.analysis.prescan import reason_to_skip
from bot.analysis.terms import Terms, Version
from codemods import Base, Finding
from codemods.ignoring import ignore
from codemods.settings import cdk_version
from codemods.settings.usage import UsageError

_OUT_OF_MEMORY = "it needs more memory than an analysis may use"
_TOO_DEEP = "its code is nested too deeply to be analysed"


def warm_up() -> None:
    """Import and use everything once, so that each fork finds it in memory."""
    source = b"from aws_cdk import aws_ec2 as ec2\nec2.Vpc(None, 'V', max_azs=3, nat_gateways=1)\n"
    codemods.analyse(source, "warm_up.py", edits=True, base=Base.of([source]))
    codemods.fix(source, "warm_up.py", unsafe=True)
    configuring.warm_up()


def serve(stream: socket.socket, before_each: Callable[[], None]) -> None:
    """Answer about files until the other side has no more."""
    with stream, stream.makefile("rwb") as lines:
        question = json.loads(lines.readline() or b"{}")
        for line in lines:
            before_each()
            reply = answer(question, json.loads(line))
            usage = resource.getrusage(resource.RUSAGE_SELF)
            reply["cpu_seconds"] = usage.ru_utime + usage.ru_stime
            lines.write(json.dumps(reply).encode() + b"\n")
            lines.flush()


def answer(question: Mapping[str, Any], file: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked, about one file; a `problem` is the reason why it has no answer."""
    path = str(file["path"])
    source = base64.b64decode(file["source"])
    try:
        return _answer(question, source, path)
    except UsageError as error:
        problem = str(error)
    except MemoryError:
        problem = _OUT_OF_MEMORY
    except RecursionError:
        problem = _TOO_DEEP
    except Exception as error:  # noqa: BLE001 (a mistake of ours costs this file only)
        problem = f"its analysis failed ({type(error).__name__})"
    return {"problem": problem}


def _answer(question: Mapping[str, Any], source: bytes, path: str) -> dict[str, Any]:
    verb = question["verb"]
    if verb == "configure":
        around = wire.read_surroundings(question["around"])
        return wire.configured(configuring.configured(source, path, around))
    if verb == "check policy":
        configuring.policy(source, path)
        return {}
    if verb == "tell the version":
        return {"version": cdk_version.told(path, source) or ""}
    problem = reason_to_skip(source) if codemods.may_concern(source) else ""
    if problem:
        return {"problem": problem}
    terms = wire.read_terms(question["terms"])
    if verb == "analyse":
        edits = bool(question["edits"])
        found = codemods.analyse(source, path, terms.policy, edits=edits, base=terms.base)
        problem = found.problem or codemods.problem_of(source, terms.policy)
        return {"problem": problem} if problem else wire.analysed(found)
    if verb == "look back":
        found = codemods.analyse(source, path, terms.policy)
        return wire.version(Version(Base.of([source]), found))
    if verb == "ignore":
        names = frozenset(question["fingerprints"])
        return wire.fixed(
            ignore(
                source,
                path,
                terms.policy,
                wanted=lambda finding: finding.fingerprint in names,
                reason=str(question["reason"]),
                base=terms.base,
            )
        )
    return _fix(question, source, path, terms)


def _fix(question: Mapping[str, Any], source: bytes, path: str, terms: Terms) -> dict[str, Any]:
    rules, only = frozenset(question["rules"]), frozenset(question["only"])
    unsafe = bool(question["unsafe"])

    def wanted(finding: Finding) -> bool:
        asked_for = not finding.on_request or finding.rule in rules
        return asked_for and (not only or finding.fingerprint in only)

    policy = terms.policy.limited_to(rules) if rules else terms.policy
    result = codemods.fix(source, path, policy, unsafe=unsafe, wanted=wanted, base=terms.base)
    return wire.fixed(result)
