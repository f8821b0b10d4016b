"""Drawing one of several things, cheaply: files need hundreds of such decisions."""

from __future__ import annotations

import random
from functools import cache
from typing import Protocol, TypeVar

from hypothesis import strategies as st

Draw = st.DrawFn
_T = TypeVar("_T")


def one(draw: Draw, *options: _T) -> _T:
    """One of several things; simpler ones come first."""
    return options[draw(_index(len(options)))]


@cache
def _index(count: int) -> st.SearchStrategy[int]:
    return st.integers(0, count - 1)


class Choose(Protocol):
    """Picks one of several things; the first one is the plain choice."""

    def __call__(self, first: _T, *others: _T) -> _T:
        """The choice."""
        ...


def plain(first: _T, *_: _T) -> _T:
    """The choice of somebody who always does the same."""
    return first


class Habits:
    """How somebody writes: a choice that differs from the plain one now and then.

    Args:
        seed: whose habits these are.
        freedom: how often, of ten times, a choice is free; at 0 all is plain.
    """

    def __init__(self, seed: int, freedom: int) -> None:
        self._random = random.Random(seed)
        self._freedom = freedom

    def __call__(self, first: _T, *others: _T) -> _T:
        """See `Choose`."""
        if self._random.randrange(10) >= self._freedom:
            return first
        return self._random.choice([first, *others])


def habits(draw: Draw) -> Habits:
    """Somebody's habits."""
    return Habits(draw(_SEEDS), draw(_index(10)))


_SEEDS = st.integers(0, 2**16)
