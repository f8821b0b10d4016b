import pytest

from sandbox.pages.sanitize import OURS, sanitized


def clean(html: str) -> str:
    return str(sanitized(html, "nonce", lambda text: text.replace("maria", "MARIA")))


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<script>alert(1)</script>after", "after"),
        ("<style>p{}</style>after", "after"),
        ("<script/>alert(1)", ""),
        ("<svg onload=alert(1)>x</svg>", "x"),
        ("<iframe src=//evil></iframe>x", "x"),
        ("<form action=/x><button>x</button></form>", "x"),
        ("<input type=checkbox autofocus>x", "x"),
        ("<div onclick=x style=y id=main class=top>x</div>", "<div>x</div>"),
        ("<!-- hidden -->x", "x"),
        ("<!doctype html><?php x ?>x", "x"),
        ('<a href="javascript:alert(1)">x</a>', '<a rel="nofollow noopener noreferrer">x</a>'),
        ('<a href="java&#9;script:x">x</a>', '<a rel="nofollow noopener noreferrer">x</a>'),
        ('<a href=" data:text/html,x">x</a>', '<a rel="nofollow noopener noreferrer">x</a>'),
        ('<a href="http://[">x</a>', '<a rel="nofollow noopener noreferrer">x</a>'),
        ("<img src=data:image/svg+xml,x alt=a>", '<img alt="a">'),
    ],
)
def test_what_could_act_is_taken_out(html: str, shown: str) -> None:
    assert clean(html) == shown


@pytest.mark.parametrize(
    "html",
    [
        '<details open=""><summary>More</summary><p>text</p></details>',
        '<table tabindex="0"><thead><tr><th align="right">n</th></tr></thead></table>',
        "<p>H<sub>2</sub>O <kbd>Ctrl</kbd> <ins>new</ins> <del>old</del><br></p>",
        '<img src="https://example.com/x.png" alt="x" width="20">',
    ],
)
def test_what_github_allows_stays(html: str) -> None:
    assert clean(html) == html


def test_what_is_left_open_is_closed_and_nothing_closes_the_page() -> None:
    assert clean("</div></article><div><b>x") == "<div><b>x</b></div>"
    assert clean("<b><i>x</b>y</i>") == "<b><i>x</i></b>y"


def test_attributes_cannot_end_early() -> None:
    assert clean("<img alt='\"><script>x'>") == '<img alt="&#34;&gt;&lt;script&gt;x">'


def test_a_class_is_kept_only_with_the_nonce() -> None:
    assert clean(f'<p class="a" {OURS}="nonce">x</p>') == '<p class="a">x</p>'
    assert clean(f'<p class="a" {OURS}="guess">x</p>') == "<p>x</p>"


def test_names_are_looked_for_outside_code_and_links() -> None:
    assert clean("<p>maria <code>maria</code></p>") == "<p>MARIA <code>maria</code></p>"
    assert ">maria</a>" in clean('<a href="/x">maria</a>')
