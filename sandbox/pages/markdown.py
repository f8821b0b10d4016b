"""Comments as GitHub shows them: its Markdown dialect, with code in colour and HTML cut down."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.gfm import gfm_plugin

from sandbox.pages.code import Highlighter
from sandbox.pages.sanitize import OURS, Linked, sanitized

# Shows the suggestion block of an index (from 0) that proposes these lines.
Suggestion = Callable[[int, str], Markup]
# Draws the box of an index (from 0), which is ticked or not, for somebody who may tick it.
Box = Callable[[int, bool], Markup]


class Markdown:
    """Renders comments, descriptions and the texts of check runs."""

    def __init__(self, highlighter: Highlighter) -> None:
        """Use this highlighter for code."""
        self._highlighter = highlighter
        self._parser = MarkdownIt("commonmark", {"html": True, "breaks": True}).use(gfm_plugin)
        self._parser.add_render_rule("fence", _fence)
        self._parser.add_render_rule("list_item_open", _list_item)

    def boxes(self, text: str) -> list[int]:
        """Return the lines (from 0) on which the boxes of task lists stand."""
        tokens = self._parser.parse(text, {})
        return [
            it.map[0] for it in tokens if it.type == "list_item_open" and it.map and _is_box(it)
        ]

    def render(
        self,
        text: str | None,
        linked: Linked,
        suggestion: Suggestion | None = None,
        box: Box | None = None,
    ) -> Markup:
        """Return a text's HTML, with its names `linked`.

        Without `suggestion`, such a block is shown as code; without `box`, nobody can tick one.
        """
        nonce = secrets.token_hex(8)
        pieces = _Pieces(nonce, self._highlighter, suggestion, box or _fixed)
        tokens = self._parser.parse(text or "", {})
        for token in tokens:
            _prepare(token, nonce)
        html = self._parser.renderer.render(tokens, self._parser.options, {"pieces": pieces})
        return pieces.put_into(sanitized(html, nonce, linked))


class _Pieces:
    """HTML of our own that stands aside while the rest is sanitised."""

    def __init__(
        self, nonce: str, highlighter: Highlighter, suggestion: Suggestion | None, box: Box
    ) -> None:
        self._nonce = nonce
        self._made: list[Markup] = []
        self._suggestions = 0
        self._boxes = 0
        self._box = box
        self.highlighter = highlighter
        self.suggestion = suggestion

    def aside(self, piece: Markup) -> str:
        """Keep a piece and return what stands for it meanwhile, which nobody can guess."""
        self._made.append(piece)
        return f"{self._nonce}-{len(self._made) - 1}."

    def next_suggestion(self) -> int:
        """Return the index of the suggestion that is rendered now."""
        self._suggestions += 1
        return self._suggestions - 1

    def next_box(self, checked: bool) -> str:
        """Return what stands for the box that is rendered now."""
        self._boxes += 1
        return self.aside(self._box(self._boxes - 1, checked))

    def put_into(self, html: Markup) -> Markup:
        """Put every piece where it belongs."""
        whole = str(html)
        for index, piece in enumerate(self._made):
            whole = whole.replace(f"{self._nonce}-{index}.", piece, 1)
        return Markup(whole)  # noqa: S704 -- sanitised HTML and pieces of our own


def _prepare(token: Token, nonce: str) -> None:
    if token.attrs.get("class"):
        token.attrSet(OURS, nonce)
    style = str(token.attrs.pop("style", ""))
    if style.startswith("text-align:"):
        token.attrSet("align", style.removeprefix("text-align:"))


def _fence(
    _renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, env: Any
) -> str:
    pieces: _Pieces = env["pieces"]
    token = tokens[index]
    language = (token.info.split() or [""])[0]
    if language == "suggestion" and pieces.suggestion:
        return pieces.aside(pieces.suggestion(pieces.next_suggestion(), token.content))
    lines = pieces.highlighter.snippet(token.content.removesuffix("\n"), language)
    code = Markup("\n").join(lines)
    template = Markup('<pre class="code" tabindex="0"><code>{}</code></pre>')
    return pieces.aside(template.format(code))


def _is_box(token: Token) -> bool:
    return token.meta.get("checked") is not None


def _list_item(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    token = tokens[index]
    boxed = _is_box(token)
    checked = token.meta.pop("checked", None)
    html = renderer.renderToken(tokens, index, options, env)
    pieces: _Pieces = env["pieces"]
    return html + pieces.next_box(bool(checked)) if boxed else html


def _fixed(_index: int, checked: bool) -> Markup:
    if checked:
        return Markup('<input type="checkbox" disabled aria-label="done" checked> ')
    return Markup('<input type="checkbox" disabled aria-label="to do"> ')
