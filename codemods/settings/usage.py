"""What a person asked for that cannot be done, said so that they can ask for something else."""

from __future__ import annotations

from collections.abc import Callable, Iterable


class UsageError(Exception):
    """A mistake of the person who runs the command; the message is all that they get to see."""


def nearest(word: str, words: Iterable[str]) -> str:
    """`"; did you mean X?"` for the known word that resembles one most, else an empty string."""
    import difflib

    found = difflib.get_close_matches(word, list(words), n=1, cutoff=0.5)
    return f"; did you mean {found[0]}?" if found else ""


def known_rules(
    names: Iterable[str], where: str, packs: Callable[[], frozenset[str]] = frozenset
) -> frozenset[str]:
    """The names, after making sure that each is a rule's.

    Args:
        names: what was written.
        where: what the message says about the place, such as `"--select"`.
        packs: gives the packs whose rules there are too; asked only where our own don't do.

    Raises:
        UsageError: for the first one that is no rule's name; it names the nearest one.
    """
    from codemods.registry import rules

    wanted = frozenset(names)
    known = rules() if wanted <= rules().keys() else rules(packs())
    for name in sorted(wanted - known.keys()):
        hint = nearest(name, known) or f"; the rules are {', '.join(known)}"
        raise UsageError(f"{where}: there is no rule {name!r}{hint}")
    return wanted


def reason(error: OSError) -> str:
    """What the operating system says, as part of a sentence: `"permission denied"`."""
    text = error.strerror or str(error)
    return text[:1].lower() + text[1:]
