from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.analysis import allowance
from bot.analysis import processes as module
from bot.analysis.processes import AnalysisProcesses
from bot.analysis.terms import Terms
from bot.operations import Source
from codemods import Policy, analyse

IMPORT = b"from aws_cdk import aws_ec2 as ec2\n"
VPC = b"ec2.Vpc(None, 'V', max_azs=3, nat_gateways=1%s)\n"
GOOD = Source("good.py", IMPORT + VPC % b"")


TERMS = Terms()


def good(name: str, number: int) -> list[Source]:
    """So many files that are well, and that no other test has asked about."""
    return [Source(f"{name}{n}.py", GOOD.content) for n in range(number)]


def _inside(code: bytes) -> bytes:
    """A file whose finding stands in a statement with `code`, so that no prefilter spares it."""
    return IMPORT + VPC % (b", x=" + code)


HOSTILE = {
    "430 unclosed brackets": _inside(b"([{" * 430),
    "1,300 parentheses": _inside(b"(" * 1300 + b"1" + b")" * 1300),
    "300 lists": _inside(b"[" * 300 + b"]" * 300),
    "a chain of 7,100 ands": _inside(b" and ".join([b"a"] * 7100)),
    "a chain of 9,000 elifs": (
        IMPORT + b"if a:\n pass\n" + b"elif a:\n pass\n" * 9000 + b"else:\n " + VPC % b""
    ),
    "a match of 66 bytes": (
        IMPORT + b"match x:\n case " + b"[" * 18 + b"a" + b"]" * 18 + b":\n  " + VPC % b""
    ),
    "a match of tuples": IMPORT + b"match x:\n case ((((((a,),),),),),):\n  " + VPC % b"",
    "a del of parentheses": IMPORT + VPC % b"" + b"del " + b"(" * 30 + b"a" + b")" * 30 + b"\n",
    "100,000 unary minuses": _inside(b"-" * 100_000 + b"1"),
    "20,000 lambdas": _inside(b"lambda:" * 20_000 + b"1"),
    "2,000 nested blocks": (
        IMPORT + b"".join(b" " * n + b"if a:\n" for n in range(99)) + b" " * 99 + VPC % b""
    ),
    "a null byte": GOOD.content + b"\0",
    "a rot13 file": b"# coding: rot13\n" + GOOD.content,
    "no UTF-8": GOOD.content + b"# \xff\xfe\n",
    "a lone carriage return": GOOD.content + b"x = 1\ry = 2\n",
    "Python 2": GOOD.content + b"try:\n pass\nexcept E, e:\n pass\n",
    "an unclosed string": GOOD.content + b'x = """' + b"a" * 10_000,
    "10,000 quotes": GOOD.content + b'"' * 10_001,
    "a megabyte of comments": GOOD.content + b"# x\n" * 300_000,
    "half a megabyte of attributes": _inside(b"a" + b".a" * 200_000),
    "200,000 brackets": GOOD.content + b"[" * 200_000,
}


@pytest.fixture(scope="module")
def processes() -> Iterator[AnalysisProcesses]:
    with AnalysisProcesses() as processes:
        yield processes


def _zygote(processes: AnalysisProcesses) -> int:
    return processes._process.pid


def _children(processes: AnalysisProcesses) -> list[int]:
    zygote = _zygote(processes)
    return [int(pid) for pid in Path(f"/proc/{zygote}/task/{zygote}/children").read_text().split()]


def _wait_for_no_child(processes: AnalysisProcesses) -> None:
    deadline = time.monotonic() + 5
    while _children(processes):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _large(path: str) -> Source:
    """A file with one finding that takes long enough to be disturbed at."""
    return Source(path, IMPORT + b"x = 1\n" * 60_000 + VPC % b"")


def _disturb(processes: AnalysisProcesses, how: signal.Signals) -> threading.Thread:
    """Send the next child that appears a signal, before it can answer."""
    _wait_for_no_child(processes)

    def wait() -> None:
        while not (children := _children(processes)):
            time.sleep(0)
        os.kill(children[0], how)

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def test_a_child_finds_and_fixes_what_the_library_does(processes: AnalysisProcesses) -> None:
    expected = analyse(GOOD.content, GOOD.path, edits=True)
    assert processes.analyse([GOOD], TERMS, edits=True) == [expected]
    [fixed] = processes.fix([GOOD], TERMS, rules=frozenset(), unsafe=False)
    assert fixed.source == GOOD.content.replace(b"nat_gateways=1", b"nat_gateways=3")
    assert [finding.rule for finding in fixed.applied] == ["shared-nat-gateway"]
    assert fixed.analysis.findings == ()


def test_only_the_named_rules_are_fixed(processes: AnalysisProcesses) -> None:
    [fixed] = processes.fix([GOOD], TERMS, rules=frozenset({"implicit-iam-grant"}), unsafe=True)
    assert (fixed.source, fixed.applied) == (GOOD.content, ())


def test_results_come_in_the_order_of_the_files(processes: AnalysisProcesses) -> None:
    sources = [Source(f"{number}.py", GOOD.content) for number in range(50)]
    found = processes.analyse(sources, TERMS)
    assert [analysis.path for analysis in found] == [source.path for source in sources]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_only_itself(processes: AnalysisProcesses, name: str) -> None:
    zygote = _zygote(processes)
    started = time.monotonic()
    before, hostile, after = processes.analyse(
        [GOOD, Source("bad.py", HOSTILE[name]), GOOD], TERMS, edits=True
    )
    assert time.monotonic() - started < module.FILE_SECONDS + 0.5
    assert len(before.findings) == len(after.findings) == 1
    assert hostile.problem or len(hostile.findings) == 1
    assert _zygote(processes) == zygote
    assert processes._process.poll() is None


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_never_made_worse_by_a_fix(
    processes: AnalysisProcesses, name: str
) -> None:
    source = HOSTILE[name]
    hostile, after = processes.fix(
        [Source("bad.py", source), GOOD], TERMS, rules=frozenset(), unsafe=True
    )
    assert hostile.source in {source, source.replace(b"nat_gateways=1", b"nat_gateways=3")}
    assert len(after.applied) == 1


def test_a_child_that_is_killed_costs_only_its_file(processes: AnalysisProcesses) -> None:
    assert len(processes.analyse([_large("large.py")], TERMS)[0].findings) == 1
    thread = _disturb(processes, signal.SIGKILL)
    killed, after = processes.analyse([_large("killed.py"), GOOD], TERMS)
    thread.join()
    assert killed.problem == "it made the parser crash, so it was left alone"
    assert len(after.findings) == 1


def test_a_child_that_hangs_is_killed_from_outside(
    processes: AnalysisProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FILE_SECONDS", 2.0)
    thread = _disturb(processes, signal.SIGSTOP)
    started = time.monotonic()
    hung, after = processes.analyse([_large("hung.py"), GOOD], TERMS)
    thread.join()
    assert time.monotonic() - started < 2.5 + 2.0
    assert hung.problem == "its analysis was stopped after 2 seconds"
    assert len(after.findings) == 1
    _wait_for_no_child(processes)


def test_after_three_deaths_the_rest_is_left_alone(
    processes: AnalysisProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FILE_SECONDS", 0.0)
    found = processes.analyse(good("dead", 5), TERMS)
    assert [analysis.problem for analysis in found] == (
        ["its analysis was stopped after 0 seconds"] * 3
        + ["not analysed: 3 other files made the analysis crash"] * 2
    )


def test_no_more_than_three_hundred_files_are_analysed(processes: AnalysisProcesses) -> None:
    found = processes.analyse(good("many", 302), TERMS)
    assert [bool(analysis.problem) for analysis in found] == [False] * 300 + [True] * 2


def test_the_seconds_of_a_batch_are_limited(
    processes: AnalysisProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowance, "MOST_CPU_SECONDS", 0.0)
    assert "have used up" in processes.analyse(good("late", 1), TERMS)[0].problem


def test_all_questions_about_a_pull_request_share_what_it_may_use_up(
    processes: AnalysisProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = processes.for_one_pull_request(), processes.for_one_pull_request()
    monkeypatch.setattr(module, "FILE_SECONDS", 0.0)
    one.analyse(good("first", 2), TERMS)
    one.look_back(good("second", 1), Policy())
    monkeypatch.undo()
    (late,) = one.fix(good("third", 1), TERMS, rules=frozenset(), unsafe=False)
    assert late.analysis.problem == "not analysed: 3 other files made the analysis crash"
    assert other.analyse(good("fourth", 1), TERMS)[0].problem == ""


def test_seconds_add_up_over_questions(
    processes: AnalysisProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = processes.for_one_pull_request()
    assert one.analyse([_large("costly.py")], TERMS)[0].problem == ""
    monkeypatch.setattr(allowance, "MOST_CPU_SECONDS", 0.001)
    assert "have used up" in one.look_back(good("costly", 1), Policy())[0].analysis.problem
    assert one.analyse([_large("costly.py")], TERMS)[0].problem == ""  # it is remembered


def test_a_file_that_killed_a_child_is_asked_nothing_else(
    processes: AnalysisProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    (poison,) = good("poison", 1)
    monkeypatch.setattr(module, "FILE_SECONDS", 0.0)
    (first,) = processes.analyse([poison], TERMS)
    monkeypatch.undo()
    (again,) = processes.fix([poison], TERMS, rules=frozenset(), unsafe=True)
    assert again.analysis.problem == first.problem == "its analysis was stopped after 0 seconds"


def test_a_zygote_that_is_gone_is_replaced() -> None:
    with AnalysisProcesses() as processes:
        processes.analyse([GOOD], TERMS)
        os.kill(_zygote(processes), signal.SIGKILL)
        processes._process.wait()
        assert len(processes.analyse(good("after", 1), TERMS)[0].findings) == 1


def test_closing_ends_every_process() -> None:
    processes = AnalysisProcesses()
    _, stream = processes.fork()
    zygote = _zygote(processes)
    processes.close()
    stream.settimeout(5)
    assert stream.recv(1) == b""
    stream.close()
    assert not Path(f"/proc/{zygote}").exists()


def test_no_secret_is_in_the_environment_or_memory_of_a_child(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Made up of two halves, so that the canary is in no source text that the child imported.
    canary = "canary-" + "8c1f" * 5
    monkeypatch.setenv("CDK_MEDIC_WEBHOOK_SECRET", canary)
    with AnalysisProcesses() as processes:
        processes.analyse([GOOD], TERMS)
        _wait_for_no_child(processes)
        _, stream = processes.fork()
        while not (children := _children(processes)):
            time.sleep(0.001)
        for pid in (*children, _zygote(processes)):
            assert canary.encode() not in Path(f"/proc/{pid}/environ").read_bytes()
            assert not _in_memory(pid, canary.encode())
        stream.close()
    assert _in_memory(os.getpid(), canary.encode())


def _in_memory(pid: int, needle: bytes) -> bool:
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if span is None:
                continue
            start, end = int(span[1], 16), int(span[2], 16)
            memory.seek(start)
            try:
                if needle in memory.read(end - start):
                    return True
            except OSError:
                continue
    return False
