from __future__ import annotations

import dataclasses

import pytest

from bot.analysis import processes as module
from bot.analysis.memory import Memory, Question
from bot.analysis.processes import AnalysisProcesses
from bot.analysis.terms import Terms
from bot.operations import Source

VPC = b"from aws_cdk import aws_ec2 as ec2\nec2.Vpc(None, 'V', max_azs=3, nat_gateways=1)\n"
FILE = Source("vpc.py", VPC)


def test_an_answer_is_kept_until_there_is_no_room() -> None:
    memory = Memory(most_bytes=10)
    memory.keep(b"a", b"1234")
    memory.keep(b"b", b"1234")
    assert memory.get(b"a") == b"1234"
    memory.keep(b"c", b"1234")
    assert memory.get(b"b") is None
    assert (memory.get(b"a"), memory.get(b"c")) == (b"1234", b"1234")


def test_an_answer_that_is_larger_than_the_room_is_not_kept() -> None:
    memory = Memory(most_bytes=3)
    memory.keep(b"a", b"1234")
    memory.keep(b"b", b"12")
    assert (memory.get(b"a"), memory.get(b"b")) == (None, b"12")


def test_an_answer_kept_again_takes_no_more_room() -> None:
    memory = Memory(most_bytes=6)
    memory.keep(b"a", b"123")
    memory.keep(b"a", b"123")
    memory.keep(b"b", b"123")
    assert (memory.get(b"a"), memory.get(b"b")) == (b"123", b"123")


def test_question_path_and_content_make_another_answer() -> None:
    keys = {
        Question(line).key(Source(path, content))
        for line in (b"1", b"2")
        for path in ("a.py", "b.py")
        for content in (b"x", b"y")
    }
    assert len(keys) == 8
    assert Question(b"1").key(Source("a.py", b"x")) in keys


def test_a_file_that_killed_its_child_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with AnalysisProcesses() as processes:
        with monkeypatch.context() as patch:
            patch.setattr(module, "FILE_SECONDS", 0.0)
            (killed,) = processes.analyse([FILE], Terms())
        assert killed.problem == "its analysis was stopped after 0 seconds"
        assert processes.analyse([FILE], Terms()) == [killed]
        (other,) = processes.analyse([dataclasses.replace(FILE, content=VPC + b"\n")], Terms())
        assert (other.problem, len(other.findings)) == ("", 1)


def test_what_was_answered_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with AnalysisProcesses() as processes:
        first = processes.analyse([FILE], Terms(), edits=True)
        monkeypatch.setattr(processes, "fork", None)
        assert processes.analyse([FILE], Terms(), edits=True) == first
