from __future__ import annotations

from bot.analysis.memory import Memory, Question
from bot.operations import Source


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
