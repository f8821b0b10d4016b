"""HTML of a comment, cut down to what GitHub lets through.

The lists follow GitHub's html-pipeline (`HTMLPipeline::SanitizationFilter`). What is not on them
loses its tag and keeps its text; scripts and styles lose their text too. The output is written
anew, tag by tag, so that nothing of the input's spelling survives.
"""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import urlsplit

from markupsafe import Markup, escape

_TAG_NAMES = """
h1 h2 h3 h4 h5 h6 br b i strong em a pre code img tt div ins del sup sub p picture ol ul table
thead tbody tfoot blockquote dl dt dd kbd q samp var hr ruby rt rp li tr td th s strike summary
details caption figure figcaption abbr bdo cite dfn mark small source span time wbr section
"""
_ATTRIBUTE_NAMES = """
abbr align alt axis char charoff clear cols colspan compact datetime dir headers height hspace
lang noshade nowrap open progress rows rowspan rules scope size span start summary title type
valign value vspace width aria-hidden aria-label
"""
_TAGS = frozenset(_TAG_NAMES.split())
_VOID = frozenset({"br", "hr", "img", "source", "wbr"})
_SILENT = frozenset(
    {"script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"}
)
_EVERYWHERE = frozenset(_ATTRIBUTE_NAMES.split())
_OF_TAG = {
    "a": frozenset({"href"}),
    "img": frozenset({"src"}),
    "blockquote": frozenset({"cite"}),
    "del": frozenset({"cite"}),
    "ins": frozenset({"cite"}),
    "q": frozenset({"cite"}),
}
_PROTOCOLS = {"href": {"http", "https", "mailto", ""}, "src": {"http", "https", ""}}
_LITERAL = frozenset({"a", "code", "pre", "tt"})
OURS = "data-ours"


# Turns the names in a piece of plain text into HTML; the text is escaped already.
Linked = Callable[[str], str]


def sanitized(html: str, nonce: str, linked: Linked) -> Markup:
    """Return the HTML with allowed tags only, all of them closed.

    A tag whose attribute `OURS` is the nonce comes from the Markdown renderer and not from the
    comment's own HTML: it keeps its class. `linked` gets the text outside of code and links.
    """
    writer = _Writer(nonce, linked)
    writer.feed(html)
    writer.close()
    return writer.result()


class _Writer(HTMLParser):
    def __init__(self, nonce: str, linked: Linked) -> None:
        super().__init__(convert_charrefs=True)
        self._nonce = nonce
        self._linked = linked
        self._out: list[str] = []
        self._open: list[str] = []
        self._silenced = ""

    def result(self) -> Markup:
        """Close what is open and return everything."""
        self._out.extend(f"</{tag}>" for tag in reversed(self._open))
        self._open.clear()
        return Markup("".join(self._out))  # noqa: S704 -- every piece was escaped or is on a list

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._silenced:
            return
        if tag in _SILENT:
            self._silenced = tag
        if tag not in _TAGS:
            return
        ours = dict(attrs).get(OURS) == self._nonce
        kept = "".join(
            f' {name}="{escape(value or "")}"'
            for name, value in dict(attrs).items()
            if _allowed(tag, name, value or "") or (ours and name == "class")
        )
        if tag == "a":
            kept += ' rel="nofollow noopener noreferrer"'
        if tag == "table":
            kept += ' tabindex="0"'  # a wide one scrolls, by keyboard too
        self._out.append(f"<{tag}{kept}>")
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # HTML knows no self-closing tags: <div/> opens a div, <script/> a script.
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._silenced:
            self._silenced = "" if tag == self._silenced else self._silenced
            return
        if tag not in self._open:
            return
        while True:
            closed = self._open.pop()
            self._out.append(f"</{closed}>")
            if closed == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._silenced:
            return
        text = str(escape(data))
        self._out.append(self._linked(text) if _LITERAL.isdisjoint(self._open) else text)


def _allowed(tag: str, name: str, value: str) -> bool:
    if name not in _EVERYWHERE and name not in _OF_TAG.get(tag, ()):
        return False
    protocols = _PROTOCOLS.get(name)
    if protocols is None:
        return True
    # Browsers drop these characters before they look at the protocol.
    plain = re.sub(r"[\x00-\x20]", "", value)
    try:
        return urlsplit(plain).scheme.lower() in protocols
    except ValueError:
        return False
