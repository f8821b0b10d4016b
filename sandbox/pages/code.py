"""Source code as lines of coloured HTML, with everything shown that could deceive."""

import re
from functools import lru_cache
from pathlib import PurePosixPath

from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

# Lexers are regular expressions: only well-known ones read what strangers wrote.
_LANGUAGES = {
    "bash": "bash",
    "cfg": "ini",
    "console": "console",
    "css": "css",
    "diff": "diff",
    "dockerfile": "docker",
    "html": "html",
    "ini": "ini",
    "javascript": "javascript",
    "js": "javascript",
    "json": "json",
    "makefile": "make",
    "markdown": "markdown",
    "md": "markdown",
    "py": "python",
    "pyi": "python",
    "python": "python",
    "sh": "bash",
    "shell": "bash",
    "sql": "sql",
    "toml": "toml",
    "ts": "typescript",
    "typescript": "typescript",
    "yaml": "yaml",
    "yml": "yaml",
}
_COLOURED_LIMIT = 400_000  # characters; longer files are shown in one colour
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_DECEIVING = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class Highlighter:
    """Colours code, and remembers what it coloured."""

    def __init__(self) -> None:
        """Begin with nothing remembered."""
        self._lines = lru_cache(maxsize=512)(_lines)

    def file(self, content: str, path: str) -> tuple[Markup, ...]:
        """Return the lines of a file, whose language its name tells."""
        name = PurePosixPath(path).name.lower()
        return self._lines(content, name.rpartition(".")[2])

    def snippet(self, content: str, language: str) -> tuple[Markup, ...]:
        """Return the lines of a piece of code in a language, which may be unknown."""
        return self._lines(content, language.lower())


def _lines(content: str, language: str) -> tuple[Markup, ...]:
    rows = [_visible(row.removesuffix("\r")) for row in content.split("\n")]
    name = _LANGUAGES.get(language)
    plain = tuple(_marked(str(escape(row))) for row in rows)
    if name is None or len(content) > _COLOURED_LIMIT:
        return plain
    try:
        lexer = get_lexer_by_name(name, stripnl=False)
    except ClassNotFound:
        return plain
    formatter: HtmlFormatter[str] = HtmlFormatter(nowrap=True)
    html = highlight("\n".join(rows), lexer, formatter).removesuffix("\n").split("\n")
    return tuple(_marked(row) for row in html) if len(html) == len(rows) else plain


def _visible(row: str) -> str:
    """Replace control characters, a lone carriage return above all, with their pictures."""
    return _CONTROLS.sub(lambda m: chr(0x2400 + ord(m[0])) if m[0] != "\x7f" else "\u2421", row)


def _marked(html: str) -> Markup:
    """Mark characters that are invisible or turn the reading direction."""
    marked = _DECEIVING.sub(lambda m: f'<span class="deceiving">U+{ord(m[0]):04X}</span>', html)
    return Markup(marked)  # noqa: S704 -- escaped by the callers; the marks are constants
