from markupsafe import Markup

from sandbox.pages.code import Highlighter
from sandbox.pages.markdown import Markdown


def render(text: str) -> str:
    return str(Markdown(Highlighter()).render(text, str))


def test_tables_keep_their_alignment() -> None:
    html = render("| a | b |\n|---|--:|\n| 1 | 2 |")
    assert '<th align="right">b</th>' in html
    assert '<td align="right">2</td>' in html


def test_boxes_show_whether_they_are_ticked_and_cannot_be() -> None:
    html = render("- [x] done\n- [ ] open")
    assert html.count('<input type="checkbox" disabled') == 2
    assert html.count(" checked") == 1


def test_boxes_that_somebody_may_tick_are_drawn_one_after_the_other() -> None:
    def box(index: int, checked: bool) -> Markup:
        return Markup("({} {})").format(index, checked)

    text = "- [x] done\n- [ ] open\n\n<details>\n\n- [ ] folded\n\n</details>"
    html = str(Markdown(Highlighter()).render(text, str, box=box))
    assert [f"({it})" in html for it in ("0 True", "1 False", "2 False")] == [True] * 3
    assert Markdown(Highlighter()).boxes(text) == [0, 1, 5]


def test_a_box_written_as_html_is_none() -> None:
    assert "<input" not in render("<input type=checkbox disabled> x")


def test_folded_parts_contain_markdown() -> None:
    html = render("<details><summary>More</summary>\n\n**bold**\n\n</details>")
    assert "<details><summary>More</summary>" in html
    assert "<strong>bold</strong>" in html


def test_markers_in_comments_are_hidden() -> None:
    assert render("<!-- cdk-medic:summary -->\nText").strip() == "<p>Text</p>"


def test_an_unclosed_comment_hides_nothing_of_the_page() -> None:
    assert render("Text\n\n<!-- open").startswith("<p>Text</p>")


def test_line_ends_are_kept_as_in_comments_of_github() -> None:
    assert "one<br>" in render("one\ntwo")


def test_code_has_colours() -> None:
    assert '<span class="kn">import</span>' in render("```python\nimport os\n```")


def test_code_of_an_unknown_language_is_escaped() -> None:
    html = render("```<script>\n<b>&</b>\n```")
    assert "&lt;b&gt;&amp;&lt;/b&gt;" in html
    assert "<script" not in html


def test_alerts_have_their_own_look_that_html_cannot_take() -> None:
    assert 'class="markdown-alert markdown-alert-note"' in render("> [!NOTE]\n> Text")
    assert "class" not in render('<div class="markdown-alert">x</div>')


def test_suggestions_are_counted_and_put_where_they_stand() -> None:
    seen = []

    def suggestion(index: int, lines: str) -> Markup:
        seen.append((index, lines))
        return Markup("<b>HERE</b>")

    text = "```suggestion\none\n```\n\n> ~~~~suggestion\n> ```\n> ~~~~\n\n```suggestion\n```"
    html = str(Markdown(Highlighter()).render(text, str, suggestion))
    assert seen == [(0, "one\n"), (1, "```\n"), (2, "")]
    assert html.count("<b>HERE</b>") == 3


def test_nothing_written_is_nothing_shown() -> None:
    assert render("") == ""
    assert str(Markdown(Highlighter()).render(None, str)) == ""
