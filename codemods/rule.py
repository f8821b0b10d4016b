"""The values that rules speak in, and the base class that every rule signs.

Positions that people see are 1-based lines and columns in code points; edits are byte offsets into
the file as it is on disk, so that a splice leaves every other byte as it was.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any


class Level(enum.IntEnum):
    """How much a finding matters; ordered, so that `finding.level >= fail_on` reads as it should."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """The word that reports and configuration use: `"critical"` … `"low"`."""
        return self.name.lower()


class Safety(enum.StrEnum):
    """Whether a fix can be applied without a person deciding.

    Safe means that no resource is replaced, and that nothing deployed gets a new denial, loses a
    cap, or gets another address.
    """

    SAFE = "safe"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file: 1-based line, 1-based column in code points."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace the bytes `[start, end)` of a file by `replacement` (UTF-8 text)."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Fix:
    """What would change, whether that is safe, and why.

    `reason` is the sentence that justifies `safety`. `changes` names the template properties that
    differ afterwards ("AWS::S3::Bucket.BucketName"), `replaces` the CloudFormation types whose
    resources are replaced. `monthly_cost_usd` is None where money plays no part; `cost_assumption`
    prints what the number rests on. `edits` is empty until somebody asks for edits.
    """

    title: str
    safety: Safety
    reason: str
    edits: tuple[Edit, ...] = ()
    changes: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    monthly_cost_usd: float | None = None
    cost_assumption: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake at one place, with its fix or the reason why there is none.

    `start` and `end` (exclusive) mark the code that is wrong. Exactly one of `fix` and `refusal`
    says something. `on_request` marks an advisory whose fix is applied only when its rule is named.
    `fingerprint` survives moved lines: it is made of rule, path, scope, construct id, normalised
    call and ordinal.
    """

    rule: str
    level: Level
    path: str
    start: Position
    end: Position
    message: str
    documentation: str
    fix: Fix | None
    refusal: str
    fingerprint: str
    on_request: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The finding as JSON-ready data, the shape that `--format json` documents; lossless."""
        raise NotImplementedError

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Finding:
        """The inverse of `as_dict`."""
        raise NotImplementedError
