"""What a child does with one file: a request as a JSON line in, a JSON line out."""

from __future__ import annotations

import base64
import json
import resource
import socket
from collections.abc import Callable, Mapping
from typing import Any

import codemods
from bot.analysis.prescan import reason_to_skip
from bot.analysis.wire import reply_with

_OUT_OF_MEMORY = "it needs more memory than an analysis may use"
_TOO_DEEP = "its code is nested too deeply to be analysed"


def warm_up() -> None:
    """Import and use everything once, so that each fork finds it in memory."""
    source = b"from aws_cdk import aws_ec2 as ec2\nec2.Vpc(None, 'V', max_azs=3, nat_gateways=1)\n"
    codemods.analyse(source, "warm_up.py", edits=True)
    codemods.fix(source, "warm_up.py", unsafe=True)


def serve(stream: socket.socket, before_each: Callable[[], None]) -> None:
    """Answer requests until the other side has no more."""
    with stream, stream.makefile("rwb") as lines:
        for line in lines:
            before_each()
            reply = answer(json.loads(line))
            usage = resource.getrusage(resource.RUSAGE_SELF)
            reply["cpu_seconds"] = usage.ru_utime + usage.ru_stime
            lines.write(json.dumps(reply).encode() + b"\n")
            lines.flush()


def answer(request: Mapping[str, Any]) -> dict[str, Any]:
    """Analyse or fix the file of a request; see `processes` for its fields."""
    path = str(request["path"])
    source = base64.b64decode(request["source"])
    problem = reason_to_skip(source) if codemods.may_concern(source) else ""
    if not problem:
        try:
            return _perform(request, source, path)
        except MemoryError:
            problem = _OUT_OF_MEMORY
        except RecursionError:
            problem = _TOO_DEEP
        except Exception as error:  # noqa: BLE001 (a mistake of ours costs this file only)
            problem = f"its analysis failed ({type(error).__name__})"
    return reply_with(None, codemods.Analysis(path, problem=problem))


def _perform(request: Mapping[str, Any], source: bytes, path: str) -> dict[str, Any]:
    if request["verb"] == "analyse":
        return reply_with(None, codemods.analyse(source, path, edits=bool(request["edits"])))
    policy = codemods.Policy(select=frozenset(request["rules"]))
    fixed = codemods.fix(source, path, policy, unsafe=bool(request["unsafe"]))
    return reply_with(fixed, fixed.analysis)
