"""What GitHub checks of a request before anything else: are its fields of their type?"""

from collections.abc import Mapping
from typing import Any

from sandbox.errors import malformed

_WORDS = {
    str: "a string",
    int: "an integer",
    bool: "a boolean",
    list: "an array",
    dict: "an object",
}


def check_types(fields: Any, **kinds: type) -> None:
    """Refuse fields of another type than named; one that isn't there or is null is no matter.

    Raises:
        Refused: 422 in the words of GitHub's check.
    """
    if not isinstance(fields, Mapping):
        raise malformed(f"{fields!r} is not an object.")
    for name, kind in kinds.items():
        value = fields.get(name)
        wrong = not isinstance(value, kind) or (kind is int and isinstance(value, bool))
        if value is not None and wrong:
            raise malformed(f"For 'properties/{name}', {value!r} is not {_WORDS[kind]}.")
