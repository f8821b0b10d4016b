"""A verdict as Markdown."""

from __future__ import annotations

import cmarkgfm

from codemods.proof.markdown import document
from tests.codemods.proof.made import broken, queue, verdict


def test_no_difference_is_one_sentence() -> None:
    text = document(verdict({}, {}))
    assert text.startswith(
        "### ✅ cdk-medic verify\n\nThe templates of 1 stack do not differ.\n\n<sub>Not proven: "
    )


def test_what_no_rule_declares_is_marked() -> None:
    text = document(verdict({}, {"Resources": {"Q": queue()}}))
    assert text.startswith("### ❌")
    assert "| added | **no rule declares this** |" in text


def test_a_difference_that_is_no_resource_is_named() -> None:
    text = document(verdict({}, {"Transform": "x"}))
    assert "<code>Stack: Transform</code> differs, and no rule declares that." in text


def test_an_export_that_breaks_is_named() -> None:
    assert "imports it: CloudFormation refuses that." in document(broken())


def test_a_long_table_is_cut_and_says_so() -> None:
    text = document(verdict({}, {"Resources": {f"Q{index}": queue() for index in range(203)}}))
    assert text.count("AWS::SQS::Queue") == 200
    assert "3 more are not shown." in text


def test_values_of_a_template_are_neither_markup_nor_mentions() -> None:
    hostile = "@octocat <img src=x onerror=y> | **b** [l](http://e) `c`"
    text = document(verdict({}, {"Resources": {"Q": queue()}, hostile: 1}))
    page = cmarkgfm.github_flavored_markdown_to_html(text)
    for live in ("<img", "<strong>b", "<a href", "<td>** ", "</code>c<code>"):
        assert live not in page
    assert "@octocat" not in text
