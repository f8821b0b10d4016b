from markupsafe import Markup

from sandbox.pages.marks import marked


def mark(old: str, new: str) -> tuple[str, str]:
    [before], [after] = marked([Markup(old)], [Markup(new)])
    return str(before), str(after)


def test_what_differs_is_marked_on_both_sides() -> None:
    assert mark("gateways=1,", "gateways=33,") == (
        'gateways=<span class="changed">1</span>,',
        'gateways=<span class="changed">33</span>,',
    )


def test_marks_stay_inside_the_colours() -> None:
    old = '<span class="n">size</span><span class="o">=</span><span class="m">1</span>'
    new = '<span class="n">size</span><span class="o">=</span><span class="m">2</span> # two'
    _, after = mark(old, new)
    assert after == (
        '<span class="n">size</span><span class="o">=</span>'
        '<span class="m"><span class="changed">2</span></span>'
        '<span class="changed"> # two</span>'
    )


def test_an_escaped_character_is_one_character() -> None:
    assert mark("name=&lt;a", "name=&gt;a") == (
        'name=<span class="changed">&lt;</span>a',
        'name=<span class="changed">&gt;</span>a',
    )


def test_lines_with_little_in_common_are_left_alone() -> None:
    assert mark("    alpha", "    omega()") == ("    alpha", "    omega()")


def test_equal_lines_and_unequal_numbers_are_left_alone() -> None:
    assert mark("same", "same") == ("same", "same")
    old, new = marked([Markup("a=1")], [Markup("a=2"), Markup("b=1")])
    assert (old, new) == (["a=1"], ["a=2", "b=1"])
