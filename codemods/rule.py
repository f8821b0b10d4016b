"""The values that rules speak in, and the base class that every rule signs.

Positions that people see are 1-based lines and columns in code points; edits are byte offsets into
the file as it is on disk, so that a splice leaves every other byte as it was.
"""

from __future__ import annotations

import ast
import enum
import inspect
import re
import textwrap
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from codemods.code.module import Module


class Level(enum.IntEnum):
    """How much a finding matters; ordered, so that `level >= fail_on` reads as it should."""

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

    @property
    def explanation(self) -> str:
        """Why the fix is safe or not, or why there is none: one sentence or two."""
        return self.fix.reason if self.fix else self.refusal

    def as_dict(self) -> dict[str, Any]:
        """The finding as JSON-ready data, lossless; `--format json` prints it with other edits.

        Edits are byte offsets into the file, as in `Edit`.
        """
        fix = self.fix and {
            **asdict(self.fix),
            "safety": self.fix.safety.value,
            "edits": [asdict(edit) for edit in self.fix.edits],
            "changes": list(self.fix.changes),
            "replaces": list(self.fix.replaces),
        }
        return {
            "rule": self.rule,
            "level": self.level.label,
            "path": self.path,
            "line": self.start.line,
            "column": self.start.column,
            "end": asdict(self.end),
            "message": self.message,
            "documentation": self.documentation,
            "fix": fix,
            "refusal": self.refusal,
            "fingerprint": self.fingerprint,
            "on_request": self.on_request,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Finding:
        """The inverse of `as_dict`.

        Raises:
            KeyError, TypeError, ValueError: where the data has another shape.
        """
        fix = data["fix"] and Fix(
            **{
                **data["fix"],
                "safety": Safety(data["fix"]["safety"]),
                "edits": tuple(Edit(**edit) for edit in data["fix"]["edits"]),
                "changes": tuple(data["fix"]["changes"]),
                "replaces": tuple(data["fix"]["replaces"]),
            }
        )
        return cls(
            rule=data["rule"],
            level=Level[data["level"].upper()],
            path=data["path"],
            start=Position(data["line"], data["column"]),
            end=Position(**data["end"]),
            message=data["message"],
            documentation=data["documentation"],
            fix=fix,
            refusal=data["refusal"],
            fingerprint=data["fingerprint"],
            on_request=data["on_request"],
        )


class Rewrite(Protocol):
    """One change of the code that a rule plans; `codemods.rewriting.kinds` has the kinds.

    Rendering may import libcst, planning may not: a check that changes nothing stays light.
    """

    def edits(self, module: Module) -> Sequence[Edit]:
        """The byte edits of the change.

        Raises:
            codemods.rewriting.kinds.UnrewritableError: where no rewrite would be faithful.
        """
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """A fix before anybody asked for its edits; the fields are those of `Fix`."""

    title: str
    safety: Safety
    reason: str
    rewrites: tuple[Rewrite, ...]
    changes: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    monthly_cost_usd: float | None = None
    cost_assumption: str = ""


@dataclass(frozen=True, slots=True)
class Discovery:
    """What a rule found: `node` is marked as wrong, `call` names the construct that it is about.

    `outcome` is the planned fix, or the sentence that says why there is none.
    """

    node: ast.expr
    call: ast.expr
    message: str
    outcome: Plan | str


class Rule(ABC):
    """One mistake: how it is found and how it is mended, with everything to say about it.

    A subclass lives in the module of its own name under `codemods.rules` and is found by walking
    that package. Its docstring is its page: a first line in the imperative-free form "allow …",
    then the headings of `HEADINGS`; "Before" and "After" hold one indented Python example each,
    which tests execute.
    """

    HEADINGS: ClassVar = ("Why", "Before", "After", "Fix safety", "Not reported", "Left alone")

    name: ClassVar[str]
    level: ClassVar[Level]
    documentation: ClassVar[str]
    names: ClassVar[frozenset[str]]
    """The last part of each dotted name that the rule wants to be shown references to."""
    arguments: ClassVar[frozenset[str]] = frozenset()
    """Keyword arguments: of a reference the rule is shown calls only that pass one of them, visibly
    or in what they unpack; empty for whatever refers to `names`."""
    keywords: ClassVar[frozenset[str]] = frozenset()
    """Texts of which a file has at least one where the rule finds something; empty for no such
    texts but the names of its `arguments`."""
    widened_by: ClassVar[str] = ""
    """The option, if there is one, that makes the rule look at files without such a text."""
    changes: ClassVar[tuple[str, ...]]
    """Every template property that a fix of this rule may change."""
    deployed: ClassVar[str]
    """Why the fix is unsafe for a construct that is deployed already: one sentence."""
    on_request: ClassVar[bool] = False
    relaxed_outside_production: ClassVar[bool] = False
    """Whether a finding is a notice only where the policy names its stack as non-production."""
    defaults: ClassVar[Mapping[str, Any]] = {}
    shapes: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    """By option, what its JSON schema says beyond the type of the default; see `objection`."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.name = re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()

    @abstractmethod
    def check(self, reference: ast.expr, module: Module) -> Iterator[Discovery]:
        """Look at one reference to one of `names` and yield what is wrong there.

        Args:
            reference: a Name or Attribute whose last part is one of `names` or an import alias of
                one; whether it really means the CDK's is for the rule to ask.
            module: the module that holds it.
        """

    @classmethod
    def trigger_words(cls) -> frozenset[str]:
        """The texts of which a file has at least one where the rule finds something."""
        return cls.keywords or cls.arguments

    def option(self, module: Module, key: str) -> Any:
        """An option as the policy sets it, else its default."""
        return module.policy.options.get(self.name, {}).get(key, self.defaults[key])

    @classmethod
    def objection(cls, key: str, value: Any) -> str:
        """What an option must be, for a value of the right type that it cannot be; else nothing."""
        _ = key, value
        return ""

    @classmethod
    def title(cls) -> str:
        """The rule in one line."""
        return inspect.cleandoc(cls.__doc__ or "").partition("\n")[0]

    @classmethod
    def section(cls, heading: str) -> str:
        """The text below one of the docstring's headings, empty where it is missing."""
        text = inspect.cleandoc(cls.__doc__ or "")
        match = re.search(
            rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL
        )
        return textwrap.dedent(match[1]).strip("\n") if match else ""
