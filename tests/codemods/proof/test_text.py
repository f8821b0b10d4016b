"""A verdict at a terminal."""

from __future__ import annotations

from codemods.desk.terminal import Terminal
from codemods.proof.text import lines
from tests.codemods.proof.made import broken, queue, verdict


def test_no_difference_needs_no_blank_line() -> None:
    first, *_ = lines(verdict({}, {}), Terminal())
    assert first == "The templates of 1 stack do not differ."


def test_long_values_are_cut_to_the_terminal() -> None:
    before = {"Resources": {"Q": queue(QueueName="a" * 300)}}
    shown = list(lines(verdict(before, {"Resources": {"Q": queue(QueueName="b")}}), Terminal()))
    assert max(map(len, shown)) < 140


def test_stacks_head_their_resources_and_what_is_no_resource_follows() -> None:
    after = {"Resources": {"Q": queue()}, "Outputs": {"Url": {"Value": 1}}}
    shown = list(lines(verdict({}, after), Terminal()))
    assert shown[:4] == [
        "Stack",
        "  + added    AWS::SQS::Queue Q no rule declares this",
        "? Stack: Outputs",
        '        + {"Url": {"Value": 1}}',
    ]


def test_a_stack_that_is_gone_is_named_whole() -> None:
    from codemods.proof.comparison import compare
    from codemods.proof.judgement import judge
    from codemods.proof.trial import Verdict

    gone = Verdict(judge(compare({"Old": {}}, {}), []), 1, 0)
    assert next(iter(lines(gone, Terminal()))) == "? Old: the whole stack"


def test_an_export_in_use_is_counted_with_what_differs() -> None:
    shown = " ".join(lines(broken(), Terminal()))
    assert "1 difference that no rule declares, in the templates of 2 stacks." in shown
    assert "imports it: CloudFormation refuses that." in shown


def test_colours_mark_what_nobody_declared() -> None:
    after = {"Resources": {"Q": queue()}}
    shown = list(lines(verdict({}, after), Terminal(colour=True)))
    assert "\x1b[31mno rule declares this\x1b[0m" in shown[1]
