"""Text for terminals: colour where it is wanted, wrapped lines, and nothing that steers them.

Code and paths come from whoever wrote the repository. A control character or a bidirectional
override in them is shown as what it is, not sent to the terminal.
"""

from __future__ import annotations

import os
import re
import textwrap
import unicodedata
from dataclasses import dataclass
from typing import TextIO

_STEERING = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_CODES = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "cyan": "36",
}


@dataclass(frozen=True, slots=True)
class Terminal:
    """How one stream is written to.

    Attributes:
        colour: whether it understands colours.
        width: the columns to wrap prose at.
        cut: the columns after which a line of code is cut.
    """

    colour: bool = False
    width: int = 100
    cut: int = 200

    def style(self, text: str, *styles: str) -> str:
        """The text in bold, a colour or the like."""
        if not (self.colour and text):
            return text
        codes = ";".join(_CODES[style] for style in styles)
        return f"\x1b[{codes}m{text}\x1b[0m"

    def wrapped(self, text: str, indent: str, first: str | None = None) -> str:
        """A paragraph as lines, the first one behind `first` where that is given."""
        return textwrap.fill(
            visible(text),
            width=self.width,
            initial_indent=indent if first is None else first,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )


def terminal(stream: TextIO) -> Terminal:
    """What a stream is: NO_COLOR and FORCE_COLOR are honoured, COLUMNS too."""
    tty = stream.isatty()
    colour = tty and os.environ.get("TERM") != "dumb"
    if os.environ.get("FORCE_COLOR"):
        colour = True
    if os.environ.get("NO_COLOR"):
        colour = False
    if not tty and "COLUMNS" not in os.environ:
        return Terminal(colour)
    columns = max(40, _width(stream))
    return Terminal(colour, min(columns, 100), columns)


def _width(stream: TextIO) -> int:
    """The columns of a stream's terminal, as COLUMNS or the terminal itself says."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(stream.fileno()).columns or 100
    except (OSError, ValueError):
        return 100


def visible(text: str) -> str:
    """The text with everything that would steer a terminal or hide from a reader spelled out."""
    return _STEERING.sub(_spelled, text)


def _spelled(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a path that is not UTF-8
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def columns(text: str) -> int:
    """How many columns a visible text takes: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(character) else 2 if _is_wide(character) else 1
        for character in text
    )


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"
